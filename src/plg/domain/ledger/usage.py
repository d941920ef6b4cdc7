"""
Usage: what is written down of a billable answer before it is given.

These are named tuples, not dataclasses: several are made for each billed hit, and one costs a
third.
"""

from typing import Final, NamedTuple

from plg.domain.limits.rates import DAY_SECONDS
from plg.domain.plans.plans import Metered
from plg.domain.plans.tariffs import Tariff

MICROSECONDS: Final = 1_000_000

DistinctRecord = tuple[str, str]
"""A space of keys, and a key in it."""


def day_of(instant: float) -> int:
    """Return the day in UTC, as days since the epoch."""
    return int(instant // DAY_SECONDS)


def seconds_left(instant: float) -> float:
    """Return the seconds until the next day in UTC."""
    return DAY_SECONDS - instant % DAY_SECONDS


class Asked(NamedTuple):
    """
    What is asked for, by whom, under which terms.

    Attributes:
        id: A ULID; of the usage record that may come of it.
        space: The space of keys in which distinct records are counted; None where none are.
        idempotency_key: Binds a repeat to the same record; None where the client sent none.
    """

    id: str
    account_id: str
    key_id: str | None
    resource: str
    record_key: str
    space: str | None
    at: float
    request_id: str
    tariff: Tariff
    idempotency_key: str | None = None

    @property
    def distinct(self) -> "DistinctRecord | None":
        """The record, where distinct ones are counted."""
        return None if self.space is None else (self.space, self.record_key)


class Charge(NamedTuple):
    """Reserve and settle in one: the answer is at hand."""

    asked: Asked
    metered: Metered
    etag: str | None = None


class Reserve(NamedTuple):
    """Keep a unit for an answer that takes a while; past the deadline it is given back."""

    asked: Asked
    deadline: float


class Settle(NamedTuple):
    """
    The answer that a unit was kept for is at hand: day, price and plan are the reservation's.

    Where the unit has been given back since, it is decided again, as a Charge.
    """

    asked: Asked
    metered: Metered
    etag: str | None = None


class Release(NamedTuple):
    """No answer came of it that counts: the unit is given back."""

    asked: Asked


Operation = Charge | Reserve | Settle | Release


class UsageRecord(NamedTuple):
    """
    One line of the ledger, with its columns in their order.

    Attributes:
        sequence: Dense within the account, from 1.
        at: Microseconds since the epoch.
        record_key: None once it was erased.
        metered: The value of a `Metered`.
        units: What is paid for; negative where it takes another record back.
        unit_price: In billionths of the currency; 0 where no unit is paid for.
        requests: What it adds to the daily quota: 1, 0, or -1.
        vins: 1 where it is the first of its distinct record on that day, -1 where it takes that
            back.
        voids: The sequence of the record that it takes back.
        group_first: The first sequence of the account that became durable together with it.
    """

    account_id: str
    sequence: int
    id: str
    at: int
    day: int
    key_id: str | None
    resource: str
    record_key: str | None
    metered: str
    units: int
    unit_price: int
    currency: str
    plan_code: str
    plan_version: int
    request_id: str
    requests: int
    vins: int
    voids: int | None
    group_first: int

    @property
    def line(self) -> "LineKey":
        """The line of a statement that it is summed up in."""
        return LineKey(
            self.account_id,
            self.currency,
            self.resource,
            self.metered,
            self.unit_price,
            self.plan_code,
            self.plan_version,
        )


class LineKey(NamedTuple):
    """What the records have in common that are summed up in one line."""

    account_id: str
    currency: str
    resource: str
    metered: str
    unit_price: int
    plan_code: str
    plan_version: int


class Counted(NamedTuple):
    """
    It is on disk.

    Attributes:
        sequence: The record's number in its account; None where nothing was recorded.
        amount: What the record costs, in billionths of the currency.
        left_today: Requests left of the daily quota, reservations counted; None without one.
        reset_seconds: Until the day, in UTC, ends.
        is_repeat: Whether it was recorded before, under the same idempotency key.
        vins_left_today: Distinct records left of the daily quota; None without one.
        resource_left_today: Requests left of the resource's own daily quota; None without one.
    """

    sequence: int | None
    amount: int
    left_today: int | None
    reset_seconds: float
    is_repeat: bool = False
    vins_left_today: int | None = None
    resource_left_today: int | None = None
