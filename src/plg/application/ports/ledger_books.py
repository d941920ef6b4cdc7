"""What the ledger says, for whoever checks it."""

from abc import abstractmethod
from typing import Protocol

from plg.domain.ledger_checks import AccountBook, SealedRecord


class LedgerBooksPort(Protocol):
    """Reads records and counters; each may raise StorageUnavailable."""

    @abstractmethod
    async def next_account(self, after: str) -> str | None:
        """Return the next account that anything is known of, in order of ids."""

    @abstractmethod
    async def book(self, account_id: str) -> AccountBook:
        """Return an account's counters, as they were at one instant."""

    @abstractmethod
    async def records(
        self, account_id: str, *, after: int, up_to: int | None, limit: int
    ) -> list[SealedRecord]:
        """Return the records that follow a sequence number, in order."""
