"""What the handlers of routes take: who asks, and arguments from path, query, header and body."""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar, get_args

from msgspec import Struct
from starlette.types import Scope

from plg.domain.audit import Actor
from plg.domain.identity.access import Caller
from plg.entrypoints.http.endpoints import Parameter
from plg.entrypoints.http.gate.gate import actor_of
from plg.entrypoints.http.protocol.bodies import body_of
from plg.entrypoints.http.protocol.context import RequestContext
from plg.entrypoints.http.protocol.paths import decode_segment
from plg.entrypoints.http.queries import QueryReader

B = TypeVar("B", bound=Struct)


@dataclass(frozen=True, slots=True)
class Visit:
    """A request for which no credential is asked."""

    context: RequestContext
    scope: Scope

    @property
    def actor(self) -> Actor:
        """Who is written down for a change that this request makes."""
        return actor_of(None, self.context)


@dataclass(frozen=True, slots=True)
class Ask:
    """A request of an identified caller."""

    context: RequestContext
    scope: Scope
    caller: Caller

    @property
    def actor(self) -> Actor:
        """Who is written down for a change that this request makes."""
        return actor_of(self.caller, self.context)


@dataclass(frozen=True, slots=True)
class Argument:
    """
    Where an argument comes from.

    Attributes:
        read: Makes it of a request; raises InvalidParameter and the like.
        parameters: What the documents tell of it, unless it is the body.
        body: What the documents tell of it, if it is the body.
        is_optional: Whether a request without a body will do.
    """

    read: Callable[[Scope], Any]
    parameters: tuple[Parameter, ...] = ()
    body: type[Struct] | None = None
    is_optional: bool = False


def in_path(
    name: str,
    description: str,
    example: str,
    schema: Mapping[str, Any] | None = None,
    parse: Callable[[str], Any] = str,
) -> Argument:
    """
    Return an argument that is a part of the path.

    Without a `schema` it is a text without blanks, as ids are. `parse` makes a value of the text,
    and raises InvalidParameter or NotFound.
    """

    def read(scope: Scope) -> Any:  # noqa: ANN401 - what `parse` makes
        return parse(decode_segment(scope["path_params"][name], name))

    return Argument(read, (Parameter(name, "path", description, example, schema),))


def in_header(
    name: str,
    description: str,
    example: str,
    schema: Mapping[str, Any],
    parse: Callable[[bytes], Any],
) -> Argument:
    """Return an argument that is a header field, None where that was not sent."""
    field = name.lower().encode()

    def read(scope: Scope) -> Any:  # noqa: ANN401 - what `parse` makes
        given = scope["plg.exchange"].fields.get(field)
        return None if given is None else parse(given)

    parameter = Parameter(name, "header", description, example, schema, is_required=False)
    return Argument(read, (parameter,))


def in_body(shape: type[B], parse: Callable[[B], Any]) -> Argument:
    """
    Return an argument that is made of the body before anything is counted.

    What `parse` refuses uses up nothing of the limits of a route that asks for no credential.
    """
    return Argument(lambda scope: parse(body_of(scope, shape)), body=shape)


def argument_of(parameter: inspect.Parameter, hint: Any) -> Argument:  # noqa: ANN401 - any type
    """
    Return where a parameter of a handler comes from.

    Raises:
        TypeError: If its annotation does not say so.
    """
    told = (each for each in get_args(hint)[1:] if isinstance(each, Argument))
    given = next(told, None)
    if given is not None:
        return given
    if parameter.name == "query":
        reader: QueryReader[Any] = QueryReader(hint)
        return Argument(reader, reader.parameters)
    if parameter.name != "body":
        raise TypeError(
            f"{parameter.name} is no body, no query and nothing that an Argument reads."
        )
    is_optional = parameter.default is not parameter.empty
    return Argument(
        lambda scope: body_of(scope, hint, optional=is_optional),
        body=hint,
        is_optional=is_optional,
    )
