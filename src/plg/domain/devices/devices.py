"""Devices: clients that sign what they ask with a secret of their own."""

import re
import secrets
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Final, Self

from plg.domain.errors import InvalidParameter
from plg.domain.identity.access import ONLY_BUILT_IN, ScopeCatalogue, Scopes
from plg.domain.identity.accounts import Account
from plg.domain.texts import line_of

DEVICES_MAX: Final = 10_000
"""Devices that an account may have at once, revoked ones aside."""

NAME_LENGTH_MAX: Final = 100
PLATFORM_LENGTH_MAX: Final = 50
_SECRET_BYTES: Final = 32
_MINUTE: Final = 60.0
_ID: Final = re.compile(r"[A-Za-z0-9._:-]{4,128}")


class Unchanged(Enum):
    """Stands for a value that a change does not touch, where None is a value."""

    UNCHANGED = "unchanged"


UNCHANGED: Final = Unchanged.UNCHANGED


@dataclass(frozen=True, slots=True)
class Device:
    """
    A device of an account.

    Attributes:
        id: As the device calls itself, unique in the installation.
        sealed_secret: Its secret, encrypted at rest: both sides need the clear text to sign.
        last_seen_at: Exact to the minute.
    """

    id: str
    account_id: str
    name: str | None
    platform: str | None
    scopes: Scopes
    sealed_secret: str = field(repr=False)
    created_at: float
    last_seen_at: float | None = None
    revoked_at: float | None = None

    def may_sign(self, account: Account) -> bool:
        """Tell whether what it signs counts: it lives, and so does the account it belongs to."""
        return self.revoked_at is None and account.is_active and account.id == self.account_id

    def scopes_in(self, account: Account) -> Scopes:
        """Return what it may do now: never more than the account itself."""
        return account.role.allowed(self.scopes)

    def seen(self, now: float) -> Self:
        """Return the device with the minute in which it was seen; itself where that stays."""
        minute = now // _MINUTE * _MINUTE
        if self.last_seen_at is not None and minute <= self.last_seen_at:
            return self
        return replace(self, last_seen_at=minute)


def is_device_id(text: str) -> bool:
    """Tell whether a device may be called so."""
    return _ID.fullmatch(text) is not None


def checked_id(text: str) -> str:
    """
    Return the id of a device.

    Raises:
        InvalidParameter: If it is not 4 to 128 of `[A-Za-z0-9._:-]`.
    """
    if not is_device_id(text):
        raise InvalidParameter(
            "device_id", "device_id must be 4 to 128 letters, digits, or any of . _ : -"
        )
    return text


def checked_name(text: str | None) -> str | None:
    """
    Return the name that people gave a device, without blanks around it.

    Raises:
        InvalidParameter: If it is too long, or cannot be shown in a line.
    """
    return None if text is None else line_of("name", text, NAME_LENGTH_MAX)


def checked_platform(text: str | None) -> str | None:
    """
    Return what a device runs on, without blanks around it.

    Raises:
        InvalidParameter: If it is too long, or cannot be shown in a line.
    """
    return None if text is None else line_of("platform", text, PLATFORM_LENGTH_MAX)


def scopes_under(maker: Scopes, catalogue: ScopeCatalogue = ONLY_BUILT_IN) -> Scopes:
    """Return what a device may do: read data, and never more than who registers it."""
    return catalogue.data & maker


def new_secret() -> str:
    """Return a fresh secret: 32 random bytes in base64url, 43 characters."""
    return secrets.token_urlsafe(_SECRET_BYTES)


def key_of_secret(secret: str) -> bytes:
    """Return the HMAC key: the UTF-8 bytes of the secret as it is handed out, not decoded."""
    return secret.encode()
