"""The tables of the file, as TOML has them."""

import re
from collections.abc import Callable, Mapping
from typing import Annotated, Any, Final, TypeVar

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from plg.domain.errors import InvalidParameter
from plg.domain.records.declared.keys import Fold, KeyType
from plg.domain.records.declared.resources import NAME, SECONDS_MAX, AnswerForm
from plg.settings.resources.catalogue import TIMEOUT_SECONDS

T = TypeVar("T")
_PLACE: Final = re.compile(r"(?P<what>.*?)(?: - at `\$(?P<where>[^`]*)`)?")

Seconds = Annotated[float, Meta(ge=0, le=SECONDS_MAX)]
Timeout = Annotated[float, Meta(ge=0.05, le=300)]
SourceName = Annotated[str, Meta(pattern=f"^{NAME.pattern}$")]


class Mistake(Exception):
    """Something in a table cannot be used; the message begins with the member."""


class SourceTable(Struct, forbid_unknown_fields=True):
    """`[source.NAME]`."""

    base_url: str | UnsetType = UNSET
    sql: str | UnsetType = UNSET
    file: str | UnsetType = UNSET
    headers: dict[str, str] = {}
    timeout_seconds: Timeout = TIMEOUT_SECONDS


class KeyTable(Struct, forbid_unknown_fields=True):
    """`key` of a resource."""

    pattern: str | None = None
    fold: Fold = Fold.NONE
    type: KeyType = KeyType.TEXT
    example: str | int | None = None


class ResourceTable(Struct, forbid_unknown_fields=True):
    """`[resource.NAME]`."""

    source: SourceName
    get: str | UnsetType = UNSET
    query: str | UnsetType = UNSET
    record: str | UnsetType = UNSET
    match: str | UnsetType = UNSET
    path: str | list[str] | UnsetType = UNSET
    key: KeyTable = msgspec.field(default_factory=KeyTable)
    answer: AnswerForm = AnswerForm.RECORD
    ttl_seconds: Seconds | None = None
    stale_while_revalidate_seconds: Seconds | None = None
    stale_if_error_seconds: Seconds | None = None
    negative_ttl_seconds: Seconds | None = None
    scope: str | UnsetType = UNSET
    metered: bool = True
    distinct: str | None = None
    schema: str | dict[str, Any] | None = None


class Declarations(Struct, forbid_unknown_fields=True):
    """The whole file."""

    source: dict[str, dict[str, Any]] = {}
    resource: dict[str, dict[str, Any]] = {}


def converted(table: Mapping[str, Any], wanted: type[T]) -> T:
    """Return a table as a value of the type; a Mistake names the member."""
    try:
        return msgspec.convert(table, wanted)
    except msgspec.ValidationError as error:
        found = _PLACE.fullmatch(str(error))
        what, member = (found["what"], found["where"]) if found else (str(error), None)
        what = what.replace("`", "").replace("Object", "the table")
        what = what[:1].lower() + what[1:]
        raise Mistake(f"{member.lstrip('.')}: {what}" if member else what) from None


def checked(member: str, make: Callable[[], T]) -> T:
    """Return what is made; a Mistake names the member."""
    try:
        return make()
    except InvalidParameter as error:
        raise Mistake(f"{member}: {error}".removeprefix(": ").rstrip(".")) from None
    except ValueError as error:
        raise Mistake(f"{member} {error}".strip()) from None
