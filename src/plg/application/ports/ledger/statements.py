"""Where statements are kept, and their numbers."""

from abc import abstractmethod
from typing import NamedTuple, Protocol

from plg.domain.ledger.statements import Statement, StatementKind


class Place(NamedTuple):
    """
    Which one a new statement is.

    Attributes:
        serial: Among those of its kind, from 1.
        position: Among all, from 1.
    """

    serial: int
    position: int


class Covered(NamedTuple):
    """Which records a statement covers."""

    number: str
    currency: str
    first: int
    last: int


class StatementsPort(Protocol):
    """
    Statements and credit notes, within one transaction.

    Every method may raise StorageUnavailable. What was added is never changed or removed; the
    database itself refuses to.
    """

    @abstractmethod
    async def next_place(self, kind: StatementKind) -> Place:
        """
        Take the next number of a kind.

        Nobody else takes one before the end of the change; one that is undone is taken again, so
        that there are no gaps.
        """

    @abstractmethod
    async def add(self, statement: Statement) -> None:
        """Add a statement with its lines."""

    @abstractmethod
    async def get(self, number: str) -> Statement | None:
        """Return the statement with a number, or None."""

    @abstractmethod
    async def page(
        self, account_id: str | None, *, before: int | None, limit: int
    ) -> list[Statement]:
        """Return statements of an account, or of all, by descending position."""

    @abstractmethod
    async def credits_of(self, number: str) -> list[Statement]:
        """Return the credit notes of a statement, the oldest first."""

    @abstractmethod
    async def balances(self, account_id: str) -> dict[str, int]:
        """Return what the account's statements less credit notes came to, by currency."""

    @abstractmethod
    async def covering(self, account_id: str, first: int, last: int) -> list[Covered]:
        """Return the statements that cover records from one sequence number to another."""

    @abstractmethod
    async def closing(self, account_id: str, key: str) -> tuple[str, ...] | None:
        """Return the numbers that were made under an idempotency key; None for a new key."""

    @abstractmethod
    async def note_closing(
        self, account_id: str, key: str, numbers: tuple[str, ...], now: float
    ) -> None:
        """Bind an idempotency key, for ever, to what was made under it."""
