"""How something gets to somebody outside: tried again at growing intervals, then given up."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

PAUSES: Final = (10.0, 60.0, 300.0, 1800.0, 7200.0, 21_600.0, 86_400.0)
"""Seconds from a try that failed to the next; after the last one it is given up."""

LEASE_SECONDS: Final = 120.0
"""For so long who takes a delivery up has it alone; longer than any try takes."""


class Channel(StrEnum):
    """By which way."""

    MAIL = "mail"
    WEBHOOK = "webhook"


class State(StrEnum):
    """
    How far it is.

    WAITING is due or under way; UNWANTED had nowhere to go; REFUSED was told not to come again;
    GIVEN_UP failed too often.
    """

    WAITING = "waiting"
    DELIVERED = "delivered"
    UNWANTED = "unwanted"
    REFUSED = "refused"
    GIVEN_UP = "given_up"


@dataclass(frozen=True, slots=True)
class Attempt:
    """
    What came of one try.

    Attributes:
        is_final: Whether trying again is of no use.
        status: Of the receiver's HTTP answer; None where there was none.
        reason: A word for what went wrong, such as `timeout`; None where nothing did.
    """

    is_delivered: bool
    is_final: bool = False
    status: int | None = None
    reason: str | None = None


DELIVERED: Final = Attempt(is_delivered=True)


@dataclass(frozen=True, slots=True)
class Delivery:
    """
    One thing on its way.

    Attributes:
        tries: How often it was taken up.
        due_at: When it may be taken up next; None at its end.
        status: Of the last try, as `reason`.
        done_at: When it came to its end.
    """

    state: State
    tries: int
    due_at: float | None
    status: int | None = None
    reason: str | None = None
    done_at: float | None = None

    @property
    def taken_at(self) -> float:
        """When it was taken up, where somebody has it."""
        return (self.due_at or 0.0) - LEASE_SECONDS

    def is_due(self, now: float) -> bool:
        return self.due_at is not None and self.due_at <= now

    def taken_up(self, now: float) -> "Delivery":
        """Return it as somebody has it who tries now; should he die, it is due again."""
        return Delivery(self.state, self.tries + 1, now + LEASE_SECONDS, self.status, self.reason)

    def after(self, attempt: Attempt, now: float) -> "Delivery":
        """Return it after a try for which it was taken up."""
        if attempt.is_delivered:
            state = State.DELIVERED
        elif attempt.is_final:
            state = State.REFUSED
        elif self.tries > len(PAUSES):
            state = State.GIVEN_UP
        else:
            due_at = now + PAUSES[self.tries - 1]
            return Delivery(State.WAITING, self.tries, due_at, attempt.status, attempt.reason)
        return Delivery(state, self.tries, None, attempt.status, attempt.reason, now)

    def unwanted(self, now: float) -> "Delivery":
        """Return it where there is nobody to deliver it to."""
        return Delivery(State.UNWANTED, self.tries - 1, None, done_at=now)


def new_delivery(now: float) -> Delivery:
    """Return what is due at once."""
    return Delivery(State.WAITING, 0, now)
