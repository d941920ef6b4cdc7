"""What the ledger says, for checks."""

from abc import abstractmethod
from typing import NamedTuple, Protocol

from plg.domain.ledger.kept_statements import KeptStatement
from plg.domain.ledger.verification.chains import SealedRecord
from plg.domain.ledger.verification.ledger import AccountBook


class SeriesBook(NamedTuple):
    """
    How many statements there are.

    Attributes:
        last: The last number of each series.
        position: Of the last one.
    """

    last: dict[str, int]
    position: int


class LedgerBooksPort(Protocol):
    """Reads records and counters; each may raise StorageUnavailable."""

    @abstractmethod
    async def next_account(self, after: str) -> str | None:
        """Return the next account that anything is known of, in order of ids."""

    @abstractmethod
    async def book(self, account_id: str) -> AccountBook:
        """Return an account's counters, as they were at one instant."""

    @abstractmethod
    async def series(self) -> SeriesBook:
        """Return how many statements there are, as it was at one instant."""

    @abstractmethod
    async def statements(
        self, account_id: str | None, *, after: int, up_to: int, limit: int
    ) -> list[KeptStatement]:
        """
        Return statements and credit notes of an account, that follow a position, in order.

        Of all accounts where none is named: then without their lines.
        """

    @abstractmethod
    async def statement(self, number: str) -> KeptStatement | None:
        """Return the statement with a number, or None."""

    @abstractmethod
    async def credits_of(self, number: str, *, up_to: int) -> list[KeptStatement]:
        """Return the credit notes of a statement up to a position, in order."""

    @abstractmethod
    async def records(
        self, account_id: str, *, after: int, up_to: int | None, limit: int
    ) -> list[SealedRecord]:
        """Return the records that follow a sequence number, in order."""
