"""What an account has used and holds: all that decides about its next operation."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from plg.domain.ledger.chain import GENESIS
from plg.domain.ledger.usage import DistinctRecord, UsageRecord
from plg.domain.limits.rates import DAY_SECONDS
from plg.domain.plans.tariffs import Tariff

KEY_SECONDS: Final = DAY_SECONDS
"""How long an idempotency key is remembered."""

Seal = Callable[[bytes, UsageRecord], bytes]
"""From the MAC of the record before, and a record, to its own MAC."""


class Reservation(NamedTuple):
    """
    What is reserved for an answer that takes a while.

    Attributes:
        vin: The key of the record, where distinct ones are counted.
        space: The space of keys that it is of.
        requests: 1, or 0 for what is likely a repeat and needs none.
        amount: The most that it may cost.
    """

    account_id: str
    id: str
    incarnation: str
    deadline: float
    day: int
    resource: str
    space: str | None
    vin: str | None
    requests: int
    amount: int
    currency: str
    idempotency_key: str | None

    @property
    def distinct(self) -> DistinctRecord | None:
        """The record, where distinct ones are counted."""
        return None if self.space is None or self.vin is None else (self.space, self.vin)


class Binding(NamedTuple):
    """
    Which record an idempotency key is bound to.

    Attributes:
        is_repeated: 1 once a repeat was answered by it: the record is not taken back any more.
    """

    account_id: str
    idempotency_key: str
    resource: str
    record_key: str
    etag: str | None
    sequence: int
    amount: int
    expires_at: float
    is_repeated: int = 0


@dataclass(slots=True)
class ResourceCount:
    """
    One resource on a day of an account.

    Attributes:
        requests: Answers with data that were recorded.
        vins: Distinct records that were seen first in one of them.
        reserved: Requests that are reserved.
    """

    requests: int = 0
    vins: int = 0
    reserved: int = 0


@dataclass(slots=True)
class DayCount:
    """
    One day of an account, in UTC.

    Attributes:
        requests: Answers with data that were recorded.
        vins: Distinct records among them.
        reserved: Requests that are reserved.
        reserved_records: Reservations of each distinct record.
        resources: The same counts by resource; what was counted before there were counts by
            resource is under the empty name.
    """

    requests: int = 0
    vins: int = 0
    reserved: int = 0
    reserved_records: dict[DistinctRecord, int] = field(default_factory=dict)
    resources: dict[str, ResourceCount] = field(default_factory=dict)

    def of(self, resource: str) -> ResourceCount:
        """Return the counts of a resource, new where nothing is known of it."""
        count = self.resources.get(resource)
        if count is None:
            count = self.resources[resource] = ResourceCount()
        return count

    def add(self, resource: str, requests: int, vins: int) -> None:
        """Count what is recorded."""
        self.requests += requests
        self.vins += vins
        count = self.of(resource)
        count.requests += requests
        count.vins += vins


@dataclass(slots=True)
class Changes:
    """
    What changed on a meter since it was read.

    Attributes:
        days: The days that were counted on, with the resource.
        is_cap_met: Whether an answer did not fit under the spend cap beside what is recorded.
    """

    records: list[tuple[UsageRecord, bytes]] = field(default_factory=list)
    days: set[tuple[int, str]] = field(default_factory=set)
    reserved: dict[str, Reservation] = field(default_factory=dict)
    released: list[str] = field(default_factory=list)
    seen: dict[tuple[int, DistinctRecord], int | None] = field(default_factory=dict)
    bound: dict[str, Binding | None] = field(default_factory=dict)
    is_cap_met: bool = False


@dataclass(slots=True)
class Meter:
    """
    An account's counters, as far as the operations at hand need them.

    Attributes:
        head: The MAC of the last record.
        group_first: The first sequence of those that become durable together.
        seen: Distinct records, by day, that an answer was recorded of, with the sequence of the
            first; 0 where that is not known.
        spent: What counts under a spend cap, by currency: what is unbilled, and what statements
            came to that begin in this month.
        month: The first day of this month, in days since the epoch.
        tariff: That of the operation decided about last.
    """

    account_id: str
    last_sequence: int = 0
    head: bytes = GENESIS
    days: dict[int, DayCount] = field(default_factory=dict)
    seen: dict[tuple[int, DistinctRecord], int] = field(default_factory=dict)
    reservations: dict[str, Reservation] = field(default_factory=dict)
    spent: dict[str, int] = field(default_factory=dict)
    bindings: dict[str, Binding] = field(default_factory=dict)
    reserved_amounts: dict[str, int] = field(default_factory=dict)
    reserved_keys: dict[str, str] = field(default_factory=dict)
    changes: Changes = field(default_factory=Changes)
    group_first: int = 1
    month: int = 0
    tariff: Tariff | None = None

    def begin(self) -> None:
        """Begin a group; a new meter has begun already, with the account's first."""
        self.changes = Changes()
        self.group_first = self.last_sequence + 1

    def on(self, day: int) -> DayCount:
        """Return a day, new where nothing is known of it."""
        count = self.days.get(day)
        if count is None:
            count = self.days[day] = DayCount()
        return count

    def append(self, record: UsageRecord, seal: Seal) -> None:
        """Add a record as the next one."""
        self.head = seal(self.head, record)
        self.last_sequence = record.sequence
        changes = self.changes
        changes.records.append((record, self.head))
        if record.requests or record.vins:
            self.on(record.day).add(record.resource, record.requests, record.vins)
            changes.days.add((record.day, record.resource))
        if amount := record.units * record.unit_price:
            currency = record.currency
            self.spent[currency] = self.spent.get(currency, 0) + amount

    def see(self, day: int, distinct: DistinctRecord) -> None:
        """Note that the last record is the first about a distinct record on a day."""
        self.seen[day, distinct] = self.changes.seen[day, distinct] = self.last_sequence

    def unsee(self, record: UsageRecord) -> None:
        """Note that a record is taken back that was the first about a distinct record on a day."""
        for place, sequence in list(self.seen.items()):
            day, (_, key) = place
            is_first = sequence == record.sequence or (not sequence and key == record.record_key)
            if is_first and day == record.day:
                del self.seen[place]
                self.changes.seen[place] = None

    def reserve(self, reservation: Reservation) -> None:
        """Reserve what an answer may need."""
        self.count_reserved(reservation)
        self.changes.reserved[reservation.id] = reservation

    def count_reserved(self, reservation: Reservation) -> None:
        """Count in what is reserved already."""
        self._tally(reservation, 1)
        self.reservations[reservation.id] = reservation
        if reservation.idempotency_key is not None:
            self.reserved_keys[reservation.idempotency_key] = reservation.id

    def release(self, reservation_id: str) -> Reservation | None:
        """Give back what was reserved; None where it was given back before."""
        reservation = self.reservations.pop(reservation_id, None)
        if reservation is None:
            return None
        self._tally(reservation, -1)
        if reservation.idempotency_key is not None:
            del self.reserved_keys[reservation.idempotency_key]
        if self.changes.reserved.pop(reservation_id, None) is None:
            self.changes.released.append(reservation_id)
        return reservation

    def bind(self, binding: Binding) -> None:
        """Bind an idempotency key to a record."""
        self.bindings[binding.idempotency_key] = binding
        self.changes.bound[binding.idempotency_key] = binding

    def is_repeated(self, sequence: int) -> bool:
        """Tell whether a repeat was answered by a record."""
        bindings = self.bindings.values()
        return any(each.sequence == sequence and each.is_repeated for each in bindings)

    def unbind(self, sequence: int) -> None:
        """Forget the keys that are bound to a record."""
        for key in [key for key, each in self.bindings.items() if each.sequence == sequence]:
            del self.bindings[key]
            self.changes.bound[key] = None

    def _tally(self, reservation: Reservation, step: int) -> None:
        count = self.on(reservation.day)
        count.reserved += step * reservation.requests
        count.of(reservation.resource).reserved += step * reservation.requests
        distinct = reservation.distinct
        if distinct is not None:
            left = count.reserved_records.get(distinct, 0) + step
            count.reserved_records[distinct] = left
            if not left:
                del count.reserved_records[distinct]
        if reservation.amount:
            known = self.reserved_amounts.get(reservation.currency, 0)
            self.reserved_amounts[reservation.currency] = known + step * reservation.amount
