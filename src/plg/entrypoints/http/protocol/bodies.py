"""Bodies of requests as values."""

import re
from functools import cache
from typing import Any, Final, TypeVar

import msgspec
from starlette.types import Scope

from plg.domain.errors import InvalidParameter, InvalidRequest, PlgError

B = TypeVar("B", bound=msgspec.Struct)
JSON_TYPES: Final = re.compile(rb"application/json\s*(;.*)?", re.IGNORECASE)
SHOWN_MAX: Final = 100
"""How much of what somebody made up is repeated to them."""
_PLACE: Final = re.compile(r"(?P<what>.*?)(?: - at `(?:key in )?\$(?P<where>[^`]*)`)?")
_MISSING: Final = re.compile(r"Object missing required field `(?P<name>[^`]*)`")
_UNKNOWN: Final = re.compile(r"Object contains unknown field `(?P<name>[^`]*)`")


class UnsupportedMediaType(PlgError):
    """The body is of a type that the route does not take."""

    code = "unsupported_media_type"


def body_of(scope: Scope, wanted: type[B], *, optional: bool = False) -> B:
    """
    Return the body, read before, as a value of the type; `optional` takes none for `{}`.

    Raises:
        UnsupportedMediaType: If it is not JSON by its type.
        InvalidParameter: If a member is missing, unknown or cannot be used.
        InvalidRequest: If it is no JSON object at all.
    """
    context = scope["plg.exchange"]
    body = context.body
    if not body and optional:
        body = b"{}"
    elif JSON_TYPES.fullmatch(context.fields.get(b"content-type", b"")) is None:
        raise UnsupportedMediaType("The body must be application/json.")
    try:
        value: B = _decoder(wanted).decode(body)
    except msgspec.ValidationError as error:
        raise _refusal(str(error)) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise InvalidRequest("The body must be a JSON object in UTF-8.") from None
    return value


@cache
def _decoder(wanted: type[B]) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(wanted)


def _refusal(message: str) -> PlgError:
    """Make a sentence for clients of what the decoder says."""
    found = _PLACE.fullmatch(message)
    what, where = (found["what"], found["where"] or "") if found else (message, "")
    where = where.lstrip(".")
    for pattern, verdict in ((_MISSING, "is needed"), (_UNKNOWN, "is not known here")):
        if match := pattern.fullmatch(what):
            name = ".".join(part for part in (where, match["name"]) if part)[:SHOWN_MAX]
            return InvalidParameter(name, f"The member {name} {verdict}.")
    if not where:
        return InvalidRequest("The body must be a JSON object.")
    why = _lower(what)[:SHOWN_MAX]  # it may name the value
    return InvalidParameter(where, f"The member {where} cannot be used: {why}.")


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:].replace("`", "")
