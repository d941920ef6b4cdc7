"""
How billable answers are counted, limited and priced: rules on one account's meter.

- An answer that carries data (hit, miss, stale) counts as a request of its day, in UTC, and has a
  record also where its price is 0. One without data (no match, not modified) counts nothing; it
  has a record only where it has a price.
- A reservation counts as if it were used, until it is settled or given back.
- A quota of a resource counts beside the plan's: both must have room.
- Unit `vin`: the first answer with data for a distinct record on a day is one unit; later ones have
  a record with no unit and no price. What is of a resource that counts none, or carries no data, is
  a unit each.
- A blocking spend cap refuses what would go beyond it, reservations at their highest price.
- An idempotency key is bound to resource, record key and ETag. The same again is the old record;
  another ETag is a new one; what comes while the first is in flight waits for it.
"""

from enum import Enum
from typing import Final

from plg.domain.errors import IdempotencyMismatch, PlgError, QuotaExceeded
from plg.domain.ledger.meters import KEY_SECONDS, Binding, Meter, Reservation, Seal
from plg.domain.ledger.periods import next_period
from plg.domain.ledger.usage import (
    MICROSECONDS,
    Asked,
    Charge,
    Counted,
    Operation,
    Reserve,
    Settle,
    UsageRecord,
    day_of,
    seconds_left,
)
from plg.domain.plans.plans import Metered, Unit
from plg.domain.records.meter_rules import VIN_SPACE

_NAMES: Final = {metered: metered.value for metered in Metered}
CARRY_DATA: Final = frozenset({Metered.HIT, Metered.MISS, Metered.STALE})
_CAP_REACHED: Final = (
    "The account's spend cap is reached: more is answered once it is raised, or the month ends."
)
_ALL_TAKEN: Final = "All %s a day that the plan has are taken."
DAILY: Final = "daily"
VINS: Final = "vins"


class Undecided(Enum):
    """Not now."""

    IN_FLIGHT = "another request with the same idempotency key is under way"


Verdict = Counted | PlgError | Undecided


def resource_policy(resource: str) -> str:
    """Return the name of a resource's own daily quota."""
    return f"{DAILY}:{resource}"


def decide(meter: Meter, operation: Operation, incarnation: str, seal: Seal) -> Verdict:
    """Decide about an operation, and note on the meter what comes of it."""
    meter.tariff = operation.asked.tariff
    if isinstance(operation, Charge):
        return _charge(meter, operation, seal)
    if isinstance(operation, Reserve):
        return _reserve(meter, operation, incarnation)
    if isinstance(operation, Settle):
        return _settle(meter, operation, seal)
    meter.release(operation.asked.id)
    return _counted(meter, operation.asked, day_of(operation.asked.at))


def void(meter: Meter, record: UsageRecord, void_id: str, at: float, seal: Seal) -> None:
    """
    Take a record back by one of the opposite sign: nobody got its answer.

    It stands where somebody did after all: a repeat came before it could be taken back.
    """
    if meter.is_repeated(record.sequence):
        return
    meter.unbind(record.sequence)
    if record.vins:
        meter.unsee(record)
    opposite = record._replace(
        sequence=meter.last_sequence + 1,
        id=void_id,
        at=round(at * MICROSECONDS),
        units=-record.units,
        requests=-record.requests,
        vins=-record.vins,
        voids=record.sequence,
        group_first=meter.group_first,
    )
    meter.append(opposite, seal)


def _charge(meter: Meter, operation: Charge | Settle, seal: Seal) -> Verdict:
    asked = operation.asked
    if asked.idempotency_key is not None:
        if asked.idempotency_key in meter.reserved_keys:
            return Undecided.IN_FLIGHT
        verdict = _repeated(meter, asked, operation.etag)
        if verdict is not None:
            return verdict
    day = day_of(asked.at)
    amount = _price(meter, asked, day, operation.metered)
    is_request = operation.metered in CARRY_DATA
    refusal = _refusal(meter, asked, day, amount, is_request=is_request)
    return refusal or _record(meter, operation, day, amount, seal)


def _reserve(meter: Meter, operation: Reserve, incarnation: str) -> Verdict:
    asked = operation.asked
    is_bound = False
    if asked.idempotency_key is not None:
        if asked.idempotency_key in meter.reserved_keys:
            return Undecided.IN_FLIGHT
        bound = _bound(meter, asked)
        if isinstance(bound, PlgError):
            return bound
        is_bound = bound is not None
    day = day_of(asked.at)
    amount = _highest_price(meter, asked, day)
    refusal = _refusal(meter, asked, day, amount, is_request=True)
    if refusal is not None and not is_bound:
        return refusal
    # What is likely a repeat is let through without a unit: its ETag is not known yet.
    requests, distinct = (1, asked.distinct) if refusal is None else (0, None)
    space, vin = distinct or (None, None)
    meter.reserve(
        Reservation(
            asked.account_id,
            asked.id,
            incarnation,
            operation.deadline,
            day,
            asked.resource,
            space,
            vin,
            requests,
            amount if requests else 0,
            asked.tariff.currency.code,
            asked.idempotency_key,
        )
    )
    return _counted(meter, asked, day)


def _settle(meter: Meter, operation: Settle, seal: Seal) -> Verdict:
    asked = operation.asked
    reservation = meter.release(asked.id)
    if reservation is None or not reservation.requests:
        return _charge(meter, operation, seal)
    if asked.idempotency_key is not None:
        verdict = _repeated(meter, asked, operation.etag)
        if verdict is not None:
            return verdict
    amount = _price(meter, asked, reservation.day, operation.metered)
    return _record(meter, operation, reservation.day, amount, seal)


def _record(meter: Meter, operation: Charge | Settle, day: int, amount: int, seal: Seal) -> Counted:
    asked, metered = operation.asked, operation.metered
    tariff, distinct = asked.tariff, asked.distinct
    is_request = metered in CARRY_DATA
    if not is_request and not amount:
        return _counted(meter, asked, day)
    is_new = is_request and distinct is not None and (day, distinct) not in meter.seen
    has_unit = is_new or not _is_per_record(asked, metered)
    record = UsageRecord(
        asked.account_id,
        meter.last_sequence + 1,
        asked.id,
        round(asked.at * MICROSECONDS),
        day,
        asked.key_id,
        asked.resource,
        asked.record_key,
        _NAMES[metered],
        1 if has_unit else 0,
        amount,
        tariff.currency.code,
        tariff.plan_code,
        tariff.plan_version,
        asked.request_id,
        1 if is_request else 0,
        1 if is_new else 0,
        None,
        meter.group_first,
    )
    meter.append(record, seal)
    if is_new and distinct is not None:
        meter.see(day, distinct)
    if asked.idempotency_key is not None:
        meter.bind(_binding(asked, asked.idempotency_key, operation.etag, record))
    return _counted(meter, asked, day, meter.last_sequence, amount)


def _refusal(
    meter: Meter, asked: Asked, day: int, amount: int, *, is_request: bool
) -> QuotaExceeded | None:
    refusal = _quota_refusal(meter, asked, day) if is_request else None
    return refusal or _cap_refusal(meter, asked, amount)


def _quota_refusal(meter: Meter, asked: Asked, day: int) -> QuotaExceeded | None:
    tariff = asked.tariff
    most = tariff.requests_per_day
    if most is not None:
        count = meter.on(day)
        if count.requests + count.reserved >= most:
            return _exceeded(DAILY, _ALL_TAKEN % f"{most} requests", asked)
    most = tariff.resource_requests.get(asked.resource)
    if most is not None:
        mine = meter.on(day).of(asked.resource)
        if mine.requests + mine.reserved >= most:
            of_it = f"{most} requests for {asked.resource}"
            return _exceeded(resource_policy(asked.resource), _ALL_TAKEN % of_it, asked)
    most, distinct = tariff.vins_per_day, asked.distinct
    if most is not None and distinct is not None:
        is_known = (day, distinct) in meter.seen or distinct in meter.on(day).reserved_records
        if not is_known and _distinct(meter, day) >= most:
            different = "vehicles" if asked.space == VIN_SPACE else "records"
            return _exceeded(VINS, _ALL_TAKEN % f"{most} different {different}", asked)
    return None


def _cap_refusal(meter: Meter, asked: Asked, amount: int) -> QuotaExceeded | None:
    tariff = asked.tariff
    most = tariff.blocks_at
    if amount and most is not None:
        currency = tariff.currency.code
        spent = meter.spent.get(currency, 0)
        if spent + meter.reserved_amounts.get(currency, 0) + amount > most:
            if spent + amount > most:
                meter.changes.is_cap_met = True
            left = next_period(asked.at) - asked.at
            return QuotaExceeded("spend", _CAP_REACHED, retry_after=left)
    return None


def _exceeded(policy: str, detail: str, asked: Asked) -> QuotaExceeded:
    return QuotaExceeded(policy, detail, retry_after=seconds_left(asked.at))


def _repeated(meter: Meter, asked: Asked, etag: str | None) -> Counted | PlgError | None:
    bound = _bound(meter, asked)
    if not isinstance(bound, Binding):
        return bound
    if bound.etag != etag:
        return None
    if not bound.is_repeated:
        meter.bind(bound._replace(is_repeated=1))
    return _counted(meter, asked, day_of(asked.at), bound.sequence, bound.amount, is_repeat=True)


def _bound(meter: Meter, asked: Asked) -> Binding | PlgError | None:
    binding = meter.bindings.get(asked.idempotency_key or "")
    if binding is None or binding.expires_at <= asked.at:
        return None
    if (binding.resource, binding.record_key) != (asked.resource, asked.record_key):
        return IdempotencyMismatch("The idempotency key was used for another record.")
    return binding


def _binding(asked: Asked, key: str, etag: str | None, record: UsageRecord) -> Binding:
    amount = record.units * record.unit_price
    return Binding(
        asked.account_id,
        key,
        asked.resource,
        asked.record_key,
        etag,
        record.sequence,
        amount,
        asked.at + KEY_SECONDS,
    )


def _price(meter: Meter, asked: Asked, day: int, metered: Metered) -> int:
    if _is_per_record(asked, metered) and (day, asked.distinct) in meter.seen:
        return 0
    return asked.tariff.prices_of(asked.resource)[metered]


def _highest_price(meter: Meter, asked: Asked, day: int) -> int:
    return max(_price(meter, asked, day, metered) for metered in Metered)


def _is_per_record(asked: Asked, metered: Metered) -> bool:
    return asked.space is not None and asked.tariff.unit is Unit.VIN and metered in CARRY_DATA


def _distinct(meter: Meter, day: int) -> int:
    count = meter.on(day)
    return count.vins + sum((day, each) not in meter.seen for each in count.reserved_records)


def _counted(
    meter: Meter,
    asked: Asked,
    day: int,
    sequence: int | None = None,
    amount: int = 0,
    *,
    is_repeat: bool = False,
) -> Counted:
    tariff = asked.tariff
    left = vins_left = resource_left = None
    if tariff.requests_per_day is not None:
        count = meter.on(day)
        left = max(0, tariff.requests_per_day - count.requests - count.reserved)
    if tariff.vins_per_day is not None:
        vins_left = max(0, tariff.vins_per_day - _distinct(meter, day))
    most = tariff.resource_requests.get(asked.resource)
    if most is not None:
        mine = meter.on(day).of(asked.resource)
        resource_left = max(0, most - mine.requests - mine.reserved)
    return Counted(
        sequence, amount, left, seconds_left(asked.at), is_repeat, vins_left, resource_left
    )
