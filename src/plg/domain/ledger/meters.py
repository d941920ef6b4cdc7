"""What an account has used and holds: all that decides about its next operation."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from plg.domain.ledger.chain import GENESIS
from plg.domain.ledger.usage import UsageRecord
from plg.domain.limits.rates import DAY_SECONDS
from plg.domain.plans.tariffs import Tariff

KEY_SECONDS: Final = DAY_SECONDS
"""How long an idempotency key is remembered."""

Seal = Callable[[bytes, UsageRecord], bytes]
"""From the MAC of the record before, and a record, to its own MAC."""


class Held(NamedTuple):
    """
    What is kept for an answer that takes a while.

    Attributes:
        requests: 1, or 0 for what is likely a repeat and needs none.
        amount: The most that it may cost.
    """

    account_id: str
    id: str
    incarnation: str
    deadline: float
    day: int
    vin: str | None
    requests: int
    amount: int
    currency: str
    idempotency_key: str | None


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
class DayCount:
    """
    One day of an account, in UTC.

    Attributes:
        requests: Answers with data that were recorded.
        vins: Different vehicles among them.
        kept: Requests that are reserved.
        kept_vins: Reservations of each vehicle.
    """

    requests: int = 0
    vins: int = 0
    kept: int = 0
    kept_vins: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class Changes:
    """
    What became of a meter since it was read.

    Attributes:
        is_cap_met: Whether an answer did not fit under the spend cap beside what is recorded.
    """

    records: list[tuple[UsageRecord, bytes]] = field(default_factory=list)
    days: set[int] = field(default_factory=set)
    kept: dict[str, Held] = field(default_factory=dict)
    let_go: list[str] = field(default_factory=list)
    seen: dict[tuple[int, str], bool] = field(default_factory=dict)
    bound: dict[str, Binding | None] = field(default_factory=dict)
    is_cap_met: bool = False


@dataclass(slots=True)
class Meter:
    """
    An account's counters, as far as the operations at hand need them.

    Attributes:
        head: The MAC of the last record.
        group_first: The first sequence of those that become durable together.
        seen: Vehicles on days that have a record.
        spent: What counts under a spend cap, by currency: what is unbilled, and what statements
            came to that begin in this month.
        month: The first day of this month, in days since the epoch.
        tariff: That of the operation decided about last.
    """

    account_id: str
    last_sequence: int = 0
    head: bytes = GENESIS
    days: dict[int, DayCount] = field(default_factory=dict)
    seen: set[tuple[int, str]] = field(default_factory=set)
    held: dict[str, Held] = field(default_factory=dict)
    spent: dict[str, int] = field(default_factory=dict)
    bindings: dict[str, Binding] = field(default_factory=dict)
    held_amounts: dict[str, int] = field(default_factory=dict)
    held_keys: dict[str, str] = field(default_factory=dict)
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
            count = self.on(record.day)
            count.requests += record.requests
            count.vins += record.vins
            changes.days.add(record.day)
        if amount := record.units * record.unit_price:
            currency = record.currency
            self.spent[currency] = self.spent.get(currency, 0) + amount

    def see(self, day: int, vin: str, *, is_seen: bool = True) -> None:
        """Note that a vehicle has a record on a day, or that it was taken back."""
        (self.seen.add if is_seen else self.seen.discard)((day, vin))
        self.changes.seen[day, vin] = is_seen

    def keep(self, held: Held) -> None:
        """Keep what an answer may need."""
        self.hold(held)
        self.changes.kept[held.id] = held

    def hold(self, held: Held) -> None:
        """Count in what is kept already."""
        self._tally(held, 1)
        self.held[held.id] = held
        if held.idempotency_key is not None:
            self.held_keys[held.idempotency_key] = held.id

    def let_go(self, held_id: str) -> Held | None:
        """Give back what was kept; None where it was given back before."""
        held = self.held.pop(held_id, None)
        if held is None:
            return None
        self._tally(held, -1)
        if held.idempotency_key is not None:
            del self.held_keys[held.idempotency_key]
        if self.changes.kept.pop(held_id, None) is None:
            self.changes.let_go.append(held_id)
        return held

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

    def _tally(self, held: Held, step: int) -> None:
        count = self.on(held.day)
        count.kept += step * held.requests
        if held.vin is not None:
            left = count.kept_vins.get(held.vin, 0) + step
            count.kept_vins[held.vin] = left
            if not left:
                del count.kept_vins[held.vin]
        if held.amount:
            known = self.held_amounts.get(held.currency, 0)
            self.held_amounts[held.currency] = known + step * held.amount
