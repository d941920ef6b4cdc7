"""Accounts: who has credentials."""

import unicodedata
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from plg.domain.identity.access import BUILT_IN, Scope, Scopes
from plg.domain.identity.addresses import Email

__all__ = [
    "ADMIN_SCOPES",
    "NAME_LENGTH_MAX",
    "USER_SCOPES",
    "Account",
    "Email",
    "Role",
    "fold",
]

NAME_LENGTH_MAX: Final = 100


def fold(text: str) -> str:
    """Return the form in which two texts are the same but for the case of their letters."""
    return unicodedata.normalize("NFKC", text).casefold()


class Role(StrEnum):
    """What an account may do."""

    USER = "user"
    ADMIN = "admin"

    @property
    def scopes(self) -> Scopes:
        """What a log-in of such an account may do, besides reading declared resources."""
        return ADMIN_SCOPES if self is Role.ADMIN else USER_SCOPES

    def allowed(self, scopes: Scopes) -> Scopes:
        """Return those of the scopes that such an account may have; any resource may be read."""
        return scopes - (BUILT_IN - self.scopes)


USER_SCOPES: Final[Scopes] = BUILT_IN - {Scope.ADMIN, Scope.CACHE_REFRESH}
ADMIN_SCOPES: Final[Scopes] = BUILT_IN


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
