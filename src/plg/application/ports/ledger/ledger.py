"""The ledger: what is billable is on disk before it is answered."""

from abc import abstractmethod
from collections.abc import Callable
from typing import Protocol

from plg.domain.errors import PlgError
from plg.domain.ledger.usage import Counted, Operation

OnDone = Callable[[Counted | PlgError], None]


class TicketPort(Protocol):
    """An operation that was submitted."""

    @abstractmethod
    def give_up(self) -> bool:
        """
        Withdraw it; `on_done` is not called any more.

        Returns True where nothing will be recorded, and False where it was handed to the writer
        already: then, should it be recorded, it is made void, also after a restart.
        """


class LedgerPort(Protocol):
    """
    Takes operations in order, and writes all that wait as one transaction.

    Decisions are exact, also between processes: they are made inside the transaction.
    """

    @abstractmethod
    def submit(self, operation: Operation, on_done: OnDone) -> TicketPort:
        """
        Have it decided and written; never waits.

        `on_done` is called on the event loop once it is durable, or with what went wrong:
        QuotaExceeded (nothing is recorded), IdempotencyMismatch, LedgerUnavailable.

        Raises:
            LedgerUnavailable: If too many wait.
        """

    @abstractmethod
    async def drain(self) -> None:
        """Return when everything that was submitted is durable or failed."""
