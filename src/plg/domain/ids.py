"""Identifiers that sort by the time they were made."""

import secrets
from typing import Final

_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_RANDOM_BYTES: Final = 10
LENGTH: Final = 26


def new_id(now: float) -> str:
    """Return a ULID: 48 bits of milliseconds since the epoch, then 80 random ones, in base32."""
    number = (int(now * 1000) << 80) | int.from_bytes(secrets.token_bytes(_RANDOM_BYTES))
    return "".join(_ALPHABET[(number >> shift) & 31] for shift in range(125, -1, -5))
