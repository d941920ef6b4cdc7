"""Accounts: who has credentials."""

import re
import unicodedata
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, Self

from plg.domain.access import Scope, Scopes
from plg.domain.errors import InvalidParameter

EMAIL_LENGTH_MAX: Final = 254
NAME_LENGTH_MAX: Final = 100
_EMAIL: Final = re.compile(
    r"[^\s@\x00-\x1f\x7f<>()\[\],;:\\\"]{1,64}@[^\s@\x00-\x1f\x7f<>()\[\],;:\\\"]{1,253}"
)
_HIDDEN: Final = frozenset({"Cc", "Cf", "Cs"})
"""Characters that show nothing, so that two addresses look the same (Unicode categories)."""

COMPOSING_MAX: Final = 4
"""
How many characters NFC makes one of, at most.

To normalize takes time in the square of a run of combining marks, so what is too long whatever its
form is refused before: 64 KiB of them would keep everybody waiting for seconds.
"""


def fold(text: str) -> str:
    """Return the form in which two texts are the same but for the case of their letters."""
    return unicodedata.normalize("NFKC", text).casefold()


class Role(StrEnum):
    """What an account may do."""

    USER = "user"
    ADMIN = "admin"

    @property
    def scopes(self) -> Scopes:
        """What a log-in of such an account may do."""
        return ADMIN_SCOPES if self is Role.ADMIN else USER_SCOPES


USER_SCOPES: Final[Scopes] = frozenset(Scope) - {Scope.ADMIN, Scope.CACHE_REFRESH}
ADMIN_SCOPES: Final[Scopes] = frozenset(Scope)


@dataclass(frozen=True, slots=True)
class Email:
    """
    An address that mail can be sent to.

    Attributes:
        address: As it was given, blanks around it removed.
    """

    address: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """
        Read an address; only that it can be one is checked, the mail to it proves the rest.

        Raises:
            InvalidParameter: If it cannot be an address.
        """
        is_short = len(text) <= EMAIL_LENGTH_MAX * COMPOSING_MAX
        address = unicodedata.normalize("NFC", text.strip()) if is_short else ""
        domain = address.rpartition("@")[2]
        is_sound = _EMAIL.fullmatch(address) and _length(address) <= EMAIL_LENGTH_MAX
        is_plain = not any(unicodedata.category(letter) in _HIDDEN for letter in address)
        if not (is_sound and is_plain) or "." not in domain.strip(".") or ".." in address:
            raise InvalidParameter("email", "email must be an address such as ana@example.org.")
        return cls(address)

    @property
    def key(self) -> str:
        """The form in which two addresses are the same account: letters' case does not count."""
        return fold(self.address)


@dataclass(frozen=True, slots=True)
class Account:
    """
    Somebody who has credentials.

    Attributes:
        password_hash: A PHC string (argon2id); None where there is no password to log in with.
        is_active: False ends every session and key at once.
        is_verified: Whether a link that was mailed to the address came back.
    """

    id: str
    email: Email
    name: str | None
    role: Role
    is_active: bool
    is_verified: bool
    created_at: float
    last_login_at: float | None = None
    password_hash: str | None = field(default=None, repr=False)


def _length(address: str) -> int:
    """Return the length of the longer form: both are kept."""
    return max(len(address), len(fold(address)))
