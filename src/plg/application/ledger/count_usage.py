"""Have what is billable written down before it is answered."""

import asyncio
from dataclasses import dataclass

from plg.application.ports.ledger.ledger import LedgerPort
from plg.domain.errors import PlgError
from plg.domain.ledger.usage import Counted, Operation


@dataclass(frozen=True, slots=True)
class CountUsage:
    """
    Waits until an operation is on disk.

    Who goes away while it waits takes the operation back; handed to the writer already, it is
    made void.
    """

    ledger: LedgerPort

    async def __call__(self, operation: Operation) -> Counted:
        """
        Return how the account stands after it.

        Raises:
            QuotaExceeded: If the account has used up what it may; nothing is recorded.
            IdempotencyMismatch: If the idempotency key was used for something else.
            LedgerUnavailable: If it cannot be written down in time; nothing is recorded.
        """
        future: asyncio.Future[Counted] = asyncio.get_running_loop().create_future()

        def done(outcome: Counted | PlgError) -> None:
            if future.done():
                return
            if isinstance(outcome, PlgError):
                future.set_exception(outcome)
            else:
                future.set_result(outcome)

        ticket = self.ledger.submit(operation, done)
        try:
            return await future
        except asyncio.CancelledError:
            ticket.give_up()
            raise
