"""
Queries as values: a Struct says which parameters a route takes, and how they are documented.

A field is text, a whole number, or what the `read` of its `Meta.extra` makes of the text. Text is
read strictly: `7.0`, `null` and `NaN` are no whole numbers. Other parameters are ignored.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any, Final, Generic, TypeVar, get_args, get_origin, get_type_hints

import msgspec
from msgspec import NODEFAULT, Meta, Struct
from starlette.types import Scope

from plg.domain.errors import InvalidParameter
from plg.entrypoints.http.endpoints import Parameter
from plg.entrypoints.http.protocol.listing import (
    CURSOR_LENGTH_MAX,
    LIMIT_DEFAULT,
    LIMIT_MAX,
    NO_CURSOR,
    SEARCH_LENGTH_MAX,
    after_of,
    query_of,
)

Q = TypeVar("Q", bound=Struct)
Read = Callable[[str, str], Any]
"""Makes a value of a parameter's text and its name; raises InvalidParameter."""
_DIGITS_MAX: Final = 18


def text_parameter(
    description: str, example: str, read: Read | None = None, **schema: object
) -> Meta:
    """Return what the documents tell of a parameter that is text."""
    return Meta(
        description=description,
        examples=[example],
        extra={} if read is None else {"read": read},
        extra_json_schema={"type": "string", **schema},
    )


def choice_parameter(description: str, example: StrEnum) -> Meta:
    """Return what the documents tell of a parameter that is one of the values of an enum."""
    choices = type(example)

    def read(text: str, name: str) -> StrEnum:
        try:
            return choices(text)
        except ValueError:
            raise InvalidParameter(
                name, f"{name} must be one of the values that the API's documents list."
            ) from None

    return text_parameter(description, str(example), read, enum=[str(each) for each in choices])


def search_parameter(description: str, example: str) -> Meta:
    """Return what the documents tell of a `q`; None where nothing is searched for."""
    return text_parameter(description, example, _search, maxLength=SEARCH_LENGTH_MAX)


def _search(text: str, name: str) -> str | None:
    if len(text) > SEARCH_LENGTH_MAX:
        raise InvalidParameter(name, f"{name} may have at most {SEARCH_LENGTH_MAX} characters.")
    return text.strip() or None


def place_of(cursor: str, name: str) -> int:
    """
    Return the number that a cursor stands for, of a list whose items are numbered.

    Raises:
        InvalidParameter: If it stands for none.
    """
    after = after_of(cursor, name)
    if not (after.isascii() and after.isdigit() and len(after) <= _DIGITS_MAX):
        raise InvalidParameter(name, NO_CURSOR)
    return int(after)


class PageQuery(Struct, frozen=True, kw_only=True):
    """How much of a list is asked for."""

    limit: Annotated[
        int,
        Meta(description="How many items a page has at most.", ge=1, le=LIMIT_MAX),
    ] = LIMIT_DEFAULT

    @property
    def one_more(self) -> int:
        """How many items to look for, to know whether there is another page."""
        return self.limit + 1


def cursor_parameter(read: Read) -> Meta:
    """Return what the documents tell of a `cursor`."""
    return text_parameter(
        "The `next_cursor` of the page before.",
        "dGlsbC0wMDAx",
        read,
        minLength=1,
        maxLength=CURSOR_LENGTH_MAX,
    )


class ListQuery(PageQuery, frozen=True, kw_only=True):
    """
    Which part of a list is asked for.

    Attributes:
        cursor: What it begins after (or, backwards, before).
    """

    cursor: Annotated[str | None, cursor_parameter(after_of)] = None


class NumberedQuery(PageQuery, frozen=True, kw_only=True):
    """
    Which part of a list is asked for whose items are numbered.

    Attributes:
        cursor: The number that it begins before.
    """

    cursor: Annotated[int | None, cursor_parameter(place_of)] = None


@dataclass(frozen=True, slots=True)
class _Field:
    attribute: str
    read: Read
    parameter: Parameter


class QueryReader(Generic[Q]):
    """Makes values of one type of queries."""

    def __init__(self, wanted: type[Q]) -> None:
        self._wanted = wanted
        hints = get_type_hints(wanted, include_extras=True)
        fields = [_field(each, hints[each.name]) for each in msgspec.structs.fields(wanted)]
        of_lists = ListQuery.__struct_fields__
        self._fields = sorted(fields, key=lambda field: field.attribute in of_lists)

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """What the documents tell."""
        return tuple(field.parameter for field in self._fields)

    def __call__(self, scope: Scope) -> Q:
        """
        Read a query.

        Raises:
            InvalidRequest: If it is not UTF-8, or has too many parameters.
            InvalidParameter: If one is repeated, is missing, or cannot be used.
        """
        query = query_of(scope)
        values = {}
        for field in self._fields:
            name = field.parameter.name
            if name in query:
                values[field.attribute] = field.read(query[name], name)
            elif field.parameter.is_required:
                raise InvalidParameter(name, f"The parameter {name} is needed.")
        return self._wanted(**values)


def _field(field: msgspec.structs.FieldInfo, hint: Any) -> _Field:  # noqa: ANN401 - any type
    kind, *metas = get_args(hint) if get_origin(hint) is Annotated else (hint,)
    plain = next(each for each in (get_args(kind) or (kind,)) if each is not type(None))
    meta = next((each for each in metas if isinstance(each, Meta)), Meta())
    schema = dict(meta.extra_json_schema or {})
    if plain is int and "type" not in schema:
        schema |= {"type": "integer", "minimum": meta.ge, "maximum": meta.le}
    is_required = field.default is NODEFAULT
    if not is_required and field.default is not None:
        schema["default"] = field.default
    example = (meta.examples or [field.default])[0]
    parameter = Parameter(
        field.encode_name, "query", meta.description or "", example, schema, is_required
    )
    return _Field(field.name, _reader(plain, meta), parameter)


def _reader(plain: Any, meta: Meta) -> Read:  # noqa: ANN401 - any type
    given: Read | None = (meta.extra or {}).get("read")
    if given is not None:
        return given
    if plain is int:
        return lambda text, name: _whole_number(text, name, meta.ge or 0, meta.le)
    return lambda text, _name: text


def _whole_number(text: str, name: str, least: float, most: float | None) -> int:
    is_number = text.isascii() and text.isdigit() and len(text) <= _DIGITS_MAX
    if not is_number or int(text) < least or (most is not None and int(text) > most):
        bounds = f"from {least} to {most}" if most is not None else f"of {least} or more"
        raise InvalidParameter(name, f"{name} must be a whole number {bounds}.")
    return int(text)
