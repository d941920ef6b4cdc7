"""An operation that was submitted, and how far it is."""

from collections.abc import Callable
from enum import Enum, auto

from plg.application.ports.ledger.ledger import OnDone, TicketPort
from plg.domain.ledger.usage import Operation


class Stage(Enum):
    """How far an operation is."""

    WAITING = auto()
    PARKED = auto()  # another one with its idempotency key is in flight
    HANDED_OVER = auto()  # in a transaction
    WITHDRAWN = auto()  # nothing was recorded
    GIVEN_UP = auto()  # what is recorded is taken back
    DONE = auto()


class Ticket(TicketPort):
    """One operation; its stage changes under the lock of what waits."""

    __slots__ = ("_give_up", "expires", "on_done", "operation", "stage")

    def __init__(
        self,
        operation: Operation,
        on_done: OnDone,
        expires: float,
        give_up: "Callable[[Ticket], bool]",
    ) -> None:
        self.operation = operation
        self.on_done = on_done
        self.expires = expires
        self.stage = Stage.WAITING
        self._give_up = give_up

    def give_up(self) -> bool:
        return self._give_up(self)
