"""Digests of bodies (RFC 9530)."""

import hashlib
import hmac
from collections.abc import Callable, Mapping
from typing import Any, Final

from plg.domain.devices.structured_fields import Item, read_dictionary

_MAKERS: Final[Mapping[str, Callable[[bytes], Any]]] = {
    "sha-256": hashlib.sha256,
    "sha-512": hashlib.sha512,
}


def digest_matches(field: str, body: bytes) -> bool:
    """
    Tell whether a `Content-Digest` is that of the body.

    At least one of `sha-256` and `sha-512` must be there, and each of them must be right. Other
    algorithms say nothing.

    Raises:
        NotUnderstood: If the field is no dictionary.
    """
    members = read_dictionary(field)
    known = [(make, members[name]) for name, make in _MAKERS.items() if name in members]
    return bool(known) and all(_is_digest(member, make(body).digest()) for make, member in known)


def _is_digest(member: object, digest: bytes) -> bool:
    if not isinstance(member, Item) or not isinstance(member.value, bytes):
        return False
    return hmac.compare_digest(member.value, digest)
