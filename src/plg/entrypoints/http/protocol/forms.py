"""Bodies that browsers' forms send."""

import re
from typing import Final, TypeVar
from urllib.parse import parse_qsl

import msgspec
from starlette.types import Scope

from plg.domain.errors import InvalidRequest

B = TypeVar("B", bound=msgspec.Struct)
FORM_TYPE: Final = re.compile(rb"application/x-www-form-urlencoded\s*(;.*)?", re.IGNORECASE)
FIELDS_MAX: Final = 20


def is_form(scope: Scope) -> bool:
    """Tell whether the body is a form by its type."""
    given = scope["plg.exchange"].fields.get(b"content-type", b"")
    return FORM_TYPE.fullmatch(given) is not None


def form_of(scope: Scope, wanted: type[B]) -> B:
    """
    Return the form, read before, as a value of the type.

    Raises:
        InvalidRequest: If it is no such form, or a field is missing, repeated or not known.
    """
    body: bytes = scope["plg.exchange"].body
    try:
        pairs = parse_qsl(
            body.decode("ascii"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=FIELDS_MAX,
        )
        if len({name for name, _ in pairs}) != len(pairs):
            raise InvalidRequest("A field of the form is repeated.")
        return msgspec.convert(dict(pairs), wanted)
    except (ValueError, msgspec.ValidationError):
        raise InvalidRequest("The form cannot be understood.") from None
