"""Where failed log-ins are counted."""

from abc import abstractmethod
from typing import Final, Protocol

from plg.domain.identity.lockouts import Failures

KNOWN_PLACES_MAX: Final = 20
"""Of an account."""


class AttemptsPort(Protocol):
    """Attempts to log in, within one transaction. Every method may raise StorageUnavailable."""

    @abstractmethod
    async def count_up(self, subject: str, now: float) -> Failures:
        """Count one more failure of the subject, and return how it stood before; all take turns."""

    @abstractmethod
    async def clear(self, subject: str) -> None:
        """Forget the failures of the subject."""

    @abstractmethod
    async def is_known_place(self, account_id: str, place: str) -> bool:
        """Tell whether the account has logged in from the place before."""

    @abstractmethod
    async def add_known_place(self, account_id: str, place: str, now: float) -> None:
        """Remember that the account logged in from the place; of many the oldest are forgotten."""

    @abstractmethod
    async def prune(self, before: float, *, limit: int) -> int:
        """Forget failures whose last one was before the instant; return how many."""
