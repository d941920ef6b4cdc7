"""Where a request says who sends it."""

from collections.abc import Mapping
from typing import Final

from plg.domain.errors import InvalidCredential, InvalidRequest
from plg.entrypoints.http.protocol.fields import REPEATED

CREDENTIAL_BYTES_MAX: Final = 8192
_BEARER: Final = b"bearer "


def credential_of(fields: Mapping[bytes, bytes]) -> bytes | None:
    """
    Return the API key or bearer token of a request, or None where it has none.

    Raises:
        InvalidRequest: If two different credentials are sent, or a header twice.
        InvalidCredential: If what is sent cannot be one.
    """
    if REPEATED in fields:
        raise InvalidRequest(f"The header {fields[REPEATED].decode()} may be sent only once.")
    key = fields.get(b"x-api-key")
    authorization = fields.get(b"authorization")
    if authorization is not None:
        token = _bearer_token(authorization)
        if key is not None and key != token:
            raise InvalidRequest("X-API-Key and Authorization carry different credentials.")
        key = token
    if key is not None and not 0 < len(key) <= CREDENTIAL_BYTES_MAX:
        raise InvalidCredential(
            f"A credential has 1 to {CREDENTIAL_BYTES_MAX} bytes: send the whole key or token."
        )
    return key


def _bearer_token(authorization: bytes) -> bytes:
    if authorization[: len(_BEARER)].lower() != _BEARER:
        raise InvalidCredential("Authorization must be: Bearer, a blank, and the key or token.")
    return authorization[len(_BEARER) :].strip()
