"""Where it is kept which mailed links may still be followed."""

from abc import abstractmethod
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class Purpose(StrEnum):
    """What a mailed link is good for."""

    VERIFY_EMAIL = "verify_email"
    RESET_PASSWORD = "reset_password"


@dataclass(frozen=True, slots=True)
class MailedLink:
    """
    A link that was mailed, without what makes it one.

    Attributes:
        digest: Keyed digest of the link's token.
        email_key: The address it was mailed to: it is void once the account has another.
    """

    digest: bytes
    purpose: Purpose
    account_id: str
    email_key: str
    expires_at: float


class MailedLinksPort(Protocol):
    """Mailed links, within one transaction. Every method may raise StorageUnavailable."""

    @abstractmethod
    async def add(self, link: MailedLink) -> None:
        """Add a link; the account's earlier ones for the same purpose are void."""

    @abstractmethod
    async def spend(self, digest: bytes, purpose: Purpose, now: float) -> MailedLink | None:
        """Take the link away and return it; None where there is none or it expired. One wins."""

    @abstractmethod
    async def void(self, account_id: str) -> None:
        """Take all links of the account away."""

    @abstractmethod
    async def prune(self, before: float, *, limit: int) -> int:
        """Remove links that expired before the instant; return how many."""
