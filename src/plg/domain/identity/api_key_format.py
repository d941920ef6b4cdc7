"""
What an API key looks like: `plg_live_<8 public><32 secret><6 checksum>`, in base62.

The public part finds the key, the secret one (190 bits) proves it. The checksum is the CRC-32 of
everything before it as a number in base62, most significant digit first, padded with zeros: it
lets scanners and typing errors be told from keys without asking anybody.
"""

import re
import secrets
import zlib
from dataclasses import dataclass, field
from typing import Final

PREFIX: Final = "plg_live_"
PATTERN: Final = r"plg_live_[0-9A-Za-z]{46}"
"""What to search for in source code, logs and mail; the checksum then tells keys from noise."""

_ALPHABET: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_PUBLIC_LENGTH: Final = 8
_SECRET_LENGTH: Final = 32
_CHECKSUM_LENGTH: Final = 6
_KEY: Final = re.compile(PATTERN.encode())


@dataclass(frozen=True, slots=True)
class PresentedKey:
    """
    A key in sound form, which proves nothing yet.

    Attributes:
        public: The part by which it is found.
        text: All of it; in no log and no repr.
    """

    public: str
    text: bytes = field(repr=False)

    @property
    def prefix(self) -> str:
        """The beginning that may be shown."""
        return PREFIX + self.public

    def reveal(self) -> str:
        """Return the key for the one answer that shows it."""
        return self.text.decode()


def new_secret() -> PresentedKey:
    """Make a key; that two ever get the same public part is one chance in 200 million millions."""
    drawn = (secrets.choice(_ALPHABET) for _ in range(_PUBLIC_LENGTH + _SECRET_LENGTH))
    body = (PREFIX + "".join(drawn)).encode()
    return PresentedKey(_public_of(body), body + checksum(body))


def parse(text: bytes | str) -> PresentedKey | None:
    """Read a key; None where the form or the checksum is wrong, without any look-up."""
    raw = text.encode(errors="replace") if isinstance(text, str) else text
    if _KEY.fullmatch(raw) is None:
        return None
    body = raw[:-_CHECKSUM_LENGTH]
    return PresentedKey(_public_of(body), raw) if checksum(body) == raw[len(body) :] else None


def checksum(body: bytes) -> bytes:
    """Return the digits that follow everything else."""
    number, digits = zlib.crc32(body), ""
    for _ in range(_CHECKSUM_LENGTH):
        number, digit = divmod(number, len(_ALPHABET))
        digits = _ALPHABET[digit] + digits
    return digits.encode()


def _public_of(body: bytes) -> str:
    return body[len(PREFIX) : len(PREFIX) + _PUBLIC_LENGTH].decode()
