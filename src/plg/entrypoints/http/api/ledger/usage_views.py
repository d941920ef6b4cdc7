"""How usage, and what is owed for it, looks in JSON."""

from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final

from msgspec import Struct, field

from plg.application.ledger.list_usage_records import BilledRecord
from plg.application.ledger.show_billing_info import BillingInfo
from plg.application.ledger.show_usage import Usage
from plg.domain.ledger.periods import Period
from plg.domain.ledger.statements import Line, UsageSum
from plg.domain.ledger.usage import MICROSECONDS, seconds_left
from plg.domain.money import Currency
from plg.domain.plans.plans import Metered, Unit
from plg.entrypoints.http.api.plans.plan_views import CAP_EXAMPLE, SpendCapView, cap_view
from plg.entrypoints.http.protocol.moments import moment


class UnbilledView(Struct, frozen=True):
    """What is not billed yet in one currency; `amount` is what a statement would come to now."""

    currency: str
    units: int
    records: int
    amount: str


class UsageLimits(Struct, frozen=True):
    """
    What the plan allows with the account's overrides; null where it sets no limit.

    `own_spend_cap` is what the account has set itself; both caps hold.
    """

    requests_per_day: int | None
    records_per_day: int | None
    vins_per_day: int | None
    rate: str | None
    source_calls: str | None
    spend_cap: SpendCapView | None
    own_spend_cap: SpendCapView | None


class UsagePeriod(Struct, frozen=True):
    """The billing period that is going on."""

    from_: datetime = field(name="from")
    until: datetime


class ResourceUsageView(Struct, frozen=True):
    """What an account has used of a resource today; null where it has no quota of its own."""

    requests_per_day: int | None
    used_today: int
    reserved_today: int
    left_today: int | None


class UsageView(Struct, frozen=True):
    """
    What an account may use, and has used.

    `used_today` counts answers that carried data, `records_today` distinct records of resources
    that count them; `left_...` is null without such a quota, and less what answers under way have
    reserved. What begins with `vins_` is the same as `records_` under its older name. `resources`
    has those that were used today or have a quota of their own. `unbilled_units` and
    `unbilled_amount` are those in the plan's currency since the last statement.
    """

    account_id: str
    plan: str
    plan_version: int
    currency: str
    unit: Unit
    limits: UsageLimits
    day: str
    resets_at: datetime
    used_today: int
    reserved_today: int
    left_today: int | None
    records_today: int
    records_left_today: int | None
    vins_today: int
    vins_left_today: int | None
    resources: dict[str, ResourceUsageView]
    period: UsagePeriod
    unbilled_units: int
    unbilled_amount: str
    unbilled: list[UnbilledView]


class BalanceView(Struct, frozen=True):
    """What is owed in one currency, and what is not billed yet."""

    currency: str
    total_due: str
    unbilled: str


class BillingInfoView(Struct, frozen=True):
    """
    An account's billing profile.

    `total_due` is what its statements less its credit notes come to in the plan's currency;
    payments are not recorded here. What is `unbilled` is not part of it yet.
    """

    account_id: str
    email: str
    name: str | None
    plan: str
    plan_version: int
    currency: str
    total_due: str
    unbilled: str
    balances: list[BalanceView]


class RecordKind(StrEnum):
    """An answer that was used, or the taking back of a record whose answer nobody got."""

    USAGE = "usage"
    VOID = "void"


class UsageRecordView(Struct, frozen=True):
    """
    A billable answer.

    `statement` is the one that bills it, null while there is none. A void has the opposite units
    of the record with the sequence number that it `voids`.
    """

    id: str
    sequence: int
    kind: RecordKind
    time: datetime
    request_id: str
    key_id: str | None
    resource: str
    record_key: str | None
    outcome: Metered
    units: int
    unit_price: str
    amount: str
    currency: str
    plan: str
    plan_version: int
    voids: int | None
    statement: str | None


USAGE_EXAMPLE: Final[Mapping[str, Any]] = {
    "account_id": "01JDG7N0B6Z4T3H9R2M5Q8W1XC",
    "plan": "basic",
    "plan_version": 1,
    "currency": "EUR",
    "unit": "request",
    "limits": {
        "requests_per_day": 100,
        "records_per_day": None,
        "vins_per_day": None,
        "rate": None,
        "source_calls": None,
        "spend_cap": CAP_EXAMPLE,
        "own_spend_cap": None,
    },
    "day": "2026-11-22",
    "resets_at": "2026-11-23T00:00:00.000Z",
    "used_today": 12,
    "reserved_today": 0,
    "left_today": 88,
    "records_today": 3,
    "records_left_today": None,
    "vins_today": 3,
    "vins_left_today": None,
    "resources": {
        "players": {
            "requests_per_day": None,
            "used_today": 12,
            "reserved_today": 0,
            "left_today": None,
        }
    },
    "period": {"from": "2026-11-01T00:00:00.000Z", "until": "2026-12-01T00:00:00.000Z"},
    "unbilled_units": 12,
    "unbilled_amount": "1.20",
    "unbilled": [{"currency": "EUR", "units": 12, "records": 12, "amount": "1.20"}],
}
INFO_EXAMPLE: Final[Mapping[str, Any]] = {
    "account_id": "01JDG7N0B6Z4T3H9R2M5Q8W1XC",
    "email": "ana@example.org",
    "name": "Ana",
    "plan": "basic",
    "plan_version": 1,
    "currency": "EUR",
    "total_due": "7.30",
    "unbilled": "1.20",
    "balances": [{"currency": "EUR", "total_due": "7.30", "unbilled": "1.20"}],
}
RECORD_EXAMPLE: Final[Mapping[str, Any]] = {
    "id": "01JDG7Q4X2ZC8M5W9K3T6V1B0N",
    "sequence": 12,
    "kind": "usage",
    "time": "2026-11-22T09:30:00.000Z",
    "request_id": "a1b2c3",
    "key_id": "01JDG7P5F3K8V6S0D4J7Y9A2GE",
    "resource": "players",
    "record_key": "KB-000001",
    "outcome": "hit",
    "units": 1,
    "unit_price": "0.10",
    "amount": "0.10",
    "currency": "EUR",
    "plan": "basic",
    "plan_version": 1,
    "voids": None,
    "statement": "PLG-2026-000001",
}


def usage_view(usage: Usage) -> UsageView:
    """Return an account's usage as JSON shows it."""
    plan, today, now = usage.standing.effective, usage.today, usage.now
    period = Period.of(now)
    unbilled = unbilled_views(usage.unbilled)
    nothing = UnbilledView(plan.currency.code, 0, 0, plan.currency.text(0))
    own = next((each for each in unbilled if each.currency == plan.currency.code), nothing)
    return UsageView(
        account_id=usage.account_id,
        plan=plan.code,
        plan_version=plan.version,
        currency=plan.currency.code,
        unit=plan.unit,
        limits=_limits(usage),
        day=f"{datetime.fromtimestamp(now, UTC):%Y-%m-%d}",
        resets_at=moment(now + seconds_left(now)),
        used_today=today.requests,
        reserved_today=today.reserved,
        left_today=usage.left_today,
        records_today=today.vins,
        records_left_today=usage.vins_left_today,
        vins_today=today.vins,
        vins_left_today=usage.vins_left_today,
        resources={
            each.name: ResourceUsageView(each.most, each.use.requests, each.use.reserved, each.left)
            for each in usage.resources
        },
        period=UsagePeriod(moment(period.begins), moment(period.ends)),
        unbilled_units=own.units,
        unbilled_amount=own.amount,
        unbilled=unbilled,
    )


def unbilled_views(sums: list[UsageSum]) -> list[UnbilledView]:
    """Return what is not billed yet, by currency."""
    views = []
    for code in sorted({each.key.currency for each in sums}):
        mine = [each for each in sums if each.key.currency == code]
        amount = Currency(code).text(sum(Line.of(each).amount for each in mine))
        units, records = sum(each.units for each in mine), sum(each.records for each in mine)
        views.append(UnbilledView(code, units, records, amount))
    return views


def info_view(info: BillingInfo) -> BillingInfoView:
    """Return a billing profile as JSON shows it."""
    balances = [_balance(info, code) for code in info.currencies]
    plan = info.standing.plan
    return BillingInfoView(
        account_id=info.account.id,
        email=info.account.email.address,
        name=info.account.name,
        plan=plan.code,
        plan_version=plan.version,
        currency=plan.currency.code,
        total_due=balances[0].total_due,
        unbilled=balances[0].unbilled,
        balances=balances,
    )


def record_view(billed: BilledRecord) -> UsageRecordView:
    """Return a usage record as JSON shows it."""
    record = billed.record
    text = Currency(record.currency).text
    return UsageRecordView(
        id=record.id,
        sequence=record.sequence,
        kind=RecordKind.USAGE if record.voids is None else RecordKind.VOID,
        time=moment(record.at / MICROSECONDS),
        request_id=record.request_id,
        key_id=record.key_id,
        resource=record.resource,
        record_key=record.record_key,
        outcome=Metered(record.metered),
        units=record.units,
        unit_price=text(record.unit_price),
        amount=text(record.units * record.unit_price),
        currency=record.currency,
        plan=record.plan_code,
        plan_version=record.plan_version,
        voids=record.voids,
        statement=billed.statement,
    )


def _limits(usage: Usage) -> UsageLimits:
    plan, terms = usage.standing.effective, usage.standing.terms
    cap, own_cap = terms.cap, terms.own_cap
    return UsageLimits(
        requests_per_day=plan.requests_per_day,
        records_per_day=plan.vins_per_day,
        vins_per_day=plan.vins_per_day,
        rate=None if plan.rate is None else str(plan.rate),
        source_calls=None if plan.source_calls is None else str(plan.source_calls),
        spend_cap=None if cap is None else cap_view(cap, plan.currency),
        own_spend_cap=None if own_cap is None else cap_view(own_cap, plan.currency),
    )


def _balance(info: BillingInfo, code: str) -> BalanceView:
    text = Currency(code).text
    return BalanceView(code, text(info.due.get(code, 0)), text(info.unbilled.get(code, 0)))
