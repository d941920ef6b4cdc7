"""Usage: what is written down of a billable answer before it is given."""

from dataclasses import dataclass
from typing import Final

from plg.domain.plans import Metered
from plg.domain.rates import DAY_SECONDS
from plg.domain.tariffs import Tariff

NOT_A_VEHICLE: Final = None


def day_of(instant: float) -> int:
    """Return the day in UTC, as days since the epoch."""
    return int(instant // DAY_SECONDS)


@dataclass(frozen=True, slots=True)
class Asked:
    """
    What is asked for, by whom, under which terms.

    Attributes:
        id: A ULID; of the usage record that may come of it.
        vin: The vehicle, where one is asked for; distinct ones are counted.
        idempotency_key: Binds a repeat to the same record; None where the client sent none.
    """

    id: str
    account_id: str
    key_id: str | None
    resource: str
    record_key: str
    vin: str | None
    at: float
    request_id: str
    tariff: Tariff
    idempotency_key: str | None = None


@dataclass(frozen=True, slots=True)
class Charge:
    """Reserve and settle in one: the answer is at hand."""

    asked: Asked
    metered: Metered
    etag: str | None = None


@dataclass(frozen=True, slots=True)
class Reserve:
    """Keep a unit for an answer that takes a while."""

    asked: Asked
    deadline: float


@dataclass(frozen=True, slots=True)
class Settle:
    """The answer that a unit was kept for is at hand: day, price and plan are the reservation's."""

    asked: Asked
    metered: Metered
    etag: str | None = None


@dataclass(frozen=True, slots=True)
class Release:
    """No answer came of it that counts: the unit is given back."""

    asked: Asked


Operation = Charge | Reserve | Settle | Release


@dataclass(frozen=True, slots=True)
class Counted:
    """
    It is on disk.

    Attributes:
        sequence: The record's number in its account; None where nothing was recorded.
        amount: What the record costs, in billionths of the currency.
        left_today: Requests left of the daily quota, reservations counted; None without one.
        is_repeat: Whether it was recorded before, under the same idempotency key.
    """

    sequence: int | None
    amount: int
    left_today: int | None
    reset_seconds: float
    is_repeat: bool = False
