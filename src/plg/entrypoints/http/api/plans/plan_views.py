"""How plans and terms look in JSON."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from msgspec import Struct, field

from plg.domain.limits.rates import Rate
from plg.domain.money import Currency
from plg.domain.not_given import given_fields
from plg.domain.plans.account_plans import Assignment, Override, PlanState
from plg.domain.plans.plans import Metered, Plan, ResourceTerms, Unit
from plg.domain.plans.tariffs import SpendCap
from plg.entrypoints.http.api.plans.plan_bodies import CapAction
from plg.entrypoints.http.protocol.moments import moment


class ResourceTermsView(Struct, frozen=True):
    """
    Prices of every outcome for a resource that has terms of its own.

    `requests_per_day` is its quota beside the plan's, null without one.
    """

    prices: dict[Metered, str]
    requests_per_day: int | None


class PlanView(Struct, frozen=True):
    """
    A version of a plan; amounts are decimals in its currency, `prices` those of every outcome.

    Null is any number for quotas, the operator's setting for `rate` and `source_calls`, and from
    the beginning for `starts_at`. `records_per_day` is how many distinct records a day;
    `vins_per_day` is the same under its older name, and the unit `vin` is a distinct record.
    """

    code: str
    version: int
    name: str
    currency: str
    unit: Unit
    price: str
    prices: dict[Metered, str]
    requests_per_day: int | None
    records_per_day: int | None
    vins_per_day: int | None
    rate: str | None
    source_calls: str | None
    is_offered: bool
    starts_at: datetime | None
    resources: dict[str, ResourceTermsView]


class SpendCapView(Struct, frozen=True):
    """How much the account may spend in a month."""

    amount: str
    currency: str
    action: CapAction


class OverrideView(Struct, frozen=True):
    """Terms of one account; `terms` has only what is said, amounts in the plan's currency."""

    id: str
    from_: datetime = field(name="from")
    until: datetime | None
    terms: dict[str, Any]


class PlannedView(Struct, frozen=True):
    """A plan that begins later; `version` null where it follows the plan's versions."""

    plan: str
    version: int | None
    starts_at: datetime


class AccountTermsView(Struct, frozen=True):
    """
    What an account has.

    `plan` is the version in force, `effective` the same with the account's overrides. With
    `is_pinned` it stays on that version. `valid_until` is when something changes by itself.
    `own_spend_cap` is what the account has set itself; both caps hold.
    """

    plan: PlanView
    effective: PlanView
    is_pinned: bool
    valid_until: datetime | None
    planned: list[PlannedView]
    overrides: list[OverrideView]
    spend_cap: SpendCapView | None
    own_spend_cap: SpendCapView | None


PLAN_EXAMPLE: Final[Mapping[str, Any]] = {
    "code": "basic",
    "version": 1,
    "name": "Basic",
    "currency": "EUR",
    "unit": "request",
    "price": "0.10",
    "prices": {
        "hit": "0.10",
        "miss": "0.10",
        "stale": "0.10",
        "not_found": "0.00",
        "not_modified": "0.00",
    },
    "requests_per_day": 100,
    "records_per_day": None,
    "vins_per_day": None,
    "rate": None,
    "source_calls": None,
    "is_offered": True,
    "starts_at": None,
    "resources": {},
}
OVERRIDE_EXAMPLE: Final = {
    "id": "01JDG7Q4X2ZC8M5W9K3T6V1B0N",
    "from": "2026-11-21T10:00:00.000Z",
    "until": "2026-12-21T10:00:00.000Z",
    "terms": {"price": "0.02", "requests_per_day": None},
}
CAP_EXAMPLE: Final = {"amount": "250.00", "currency": "EUR", "action": "block"}
TERMS_EXAMPLE: Final = {
    "plan": PLAN_EXAMPLE,
    "effective": {**PLAN_EXAMPLE, "requests_per_day": None},
    "is_pinned": False,
    "valid_until": "2026-12-01T00:00:00.000Z",
    "planned": [{"plan": "premium", "version": None, "starts_at": "2026-12-01T00:00:00.000Z"}],
    "overrides": [OVERRIDE_EXAMPLE],
    "spend_cap": CAP_EXAMPLE,
    "own_spend_cap": None,
}


def plan_view(plan: Plan) -> PlanView:
    """Return a version of a plan as JSON shows it."""
    text = plan.currency.text
    return PlanView(
        code=plan.code,
        version=plan.version,
        name=plan.name,
        currency=plan.currency.code,
        unit=plan.unit,
        price=text(plan.price),
        prices={metered: text(plan.price_of(metered)) for metered in Metered},
        requests_per_day=plan.requests_per_day,
        records_per_day=plan.vins_per_day,
        vins_per_day=plan.vins_per_day,
        rate=None if plan.rate is None else str(plan.rate),
        source_calls=None if plan.source_calls is None else str(plan.source_calls),
        is_offered=plan.is_offered,
        starts_at=moment(plan.from_at) if plan.from_at else None,
        resources={
            name: ResourceTermsView(
                {metered: text(plan.price_of(metered, name)) for metered in Metered},
                plan.resource_requests.get(name),
            )
            for name in plan.resources
        },
    )


def override_view(override: Override, currency: Currency) -> OverrideView:
    """Return an override; its amounts are in the currency of the account's plan."""
    terms = {
        name: _shown(value, currency, name) for name, value in given_fields(override.terms).items()
    }
    if "vins_per_day" in terms:
        terms["records_per_day"] = terms["vins_per_day"]
    return OverrideView(override.id, moment(override.from_at), moment(override.until_at), terms)


def cap_view(cap: SpendCap, currency: Currency) -> SpendCapView:
    """Return a spend cap; it counts in the currency of the account's plan."""
    action = CapAction.BLOCK if cap.blocks else CapAction.NOTIFY
    return SpendCapView(currency.text(cap.nanos), currency.code, action)


def standing_view(standing: PlanState, now: float) -> AccountTermsView:
    """Return what an account has."""
    terms, currency = standing.terms, standing.plan.currency
    is_for_ever = standing.valid_until == float("inf")
    return AccountTermsView(
        plan=plan_view(standing.plan),
        effective=plan_view(standing.effective),
        is_pinned=standing.is_pinned,
        valid_until=None if is_for_ever else moment(standing.valid_until),
        planned=[_planned(each) for each in terms.planned_after(now)],
        overrides=[override_view(each, currency) for each in terms.overrides],
        spend_cap=None if terms.cap is None else cap_view(terms.cap, currency),
        own_spend_cap=None if terms.own_cap is None else cap_view(terms.own_cap, currency),
    )


def _planned(assignment: Assignment) -> PlannedView:
    return PlannedView(assignment.code, assignment.version, moment(assignment.from_at))


def _shown(value: Any, currency: Currency, name: str) -> Any:  # noqa: ANN401 - any of the terms
    if name == "prices":
        return {metered: currency.text(nanos) for metered, nanos in value.items()}
    if name == "resources":
        return {each: _shown_resource(terms, currency) for each, terms in value.items()}
    if name == "price":
        return currency.text(value)
    return str(value) if isinstance(value, Rate) else value


def _shown_resource(terms: ResourceTerms | None, currency: Currency) -> dict[str, Any] | None:
    if terms is None:
        return None
    given = given_fields(terms)
    return {name: _shown(value, currency, name) for name, value in given.items() if value != {}}
