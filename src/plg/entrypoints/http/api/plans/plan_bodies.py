"""What is asked about plans and terms in JSON."""

from enum import StrEnum
from typing import Annotated, Final

from msgspec import UNSET, Meta, Struct, UnsetType, field

from plg.application.plans.override_plan import NewOverride
from plg.domain.identity.api_key_fields import NAME_LENGTH_MAX, name_of, rate_of
from plg.domain.limits.rates import Rate
from plg.domain.not_given import NOT_GIVEN, NotGiven
from plg.domain.plans.fields import UnitName, amount_of, currency_of, one_of
from plg.domain.plans.plans import COUNT_MAX, Metered, ResourceTerms
from plg.domain.plans.tariffs import SpendCap
from plg.domain.plans.terms import NewPlan, Terms
from plg.entrypoints.http.api.texts import Moment, RateText, label

PlanCode = Annotated[str, Meta(pattern="^[a-z0-9][a-z0-9_-]{0,31}$")]
Name = Annotated[str, Meta(extra_json_schema=label(NAME_LENGTH_MAX))]
CurrencyCode = Annotated[str, Meta(pattern="^[A-Z]{3}$")]
Amount = Annotated[str, Meta(pattern=r"^[0-9]{1,9}(\.[0-9]{1,9})?$")]
Count = Annotated[int, Meta(ge=1, le=COUNT_MAX)]


class Effective(StrEnum):
    """When a change takes effect: at once, or with the next billing period."""

    NOW = "now"
    PERIOD_END = "period_end"


class CapAction(StrEnum):
    """What a spend cap does: mail, or refuse what would go beyond it."""

    NOTIFY = "notify"
    BLOCK = "block"


class PricesBody(Struct, frozen=True, forbid_unknown_fields=True):
    """What outcomes cost that have a price of their own."""

    hit: Amount | UnsetType = UNSET
    miss: Amount | UnsetType = UNSET
    stale: Amount | UnsetType = UNSET
    not_found: Amount | UnsetType = UNSET
    not_modified: Amount | UnsetType = UNSET


class ResourceTermsBody(Struct, frozen=True, forbid_unknown_fields=True):
    """
    Terms of one resource; what is left out is the plan's.

    `requests_per_day` is a quota beside the plan's: both must have room. Null is no other than
    the plan's.
    """

    price: Amount | UnsetType = UNSET
    prices: PricesBody | UnsetType = UNSET
    requests_per_day: Count | UnsetType | None = UNSET


class TermsBody(Struct, frozen=True, forbid_unknown_fields=True):
    """
    Terms, each of which may be left out; null is any number, or the operator's rate.

    `records_per_day` is how many distinct records a day, `vins_per_day` its older name.
    """

    requests_per_day: Count | UnsetType | None = UNSET
    records_per_day: Count | UnsetType | None = UNSET
    vins_per_day: Count | UnsetType | None = UNSET
    price: Amount | UnsetType = UNSET
    prices: PricesBody | UnsetType = UNSET
    rate: RateText | UnsetType | None = UNSET
    source_calls: RateText | UnsetType | None = UNSET
    resources: dict[str, ResourceTermsBody | None] | UnsetType = UNSET


class PlanBody(TermsBody, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A plan, or the next version of one: what is left out is as in the version before."""

    code: PlanCode
    name: Name | UnsetType = UNSET
    currency: CurrencyCode | UnsetType = UNSET
    unit: UnitName | UnsetType = UNSET
    is_offered: bool | UnsetType = UNSET
    effective: Effective = Effective.PERIOD_END


class OverrideBody(TermsBody, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Terms of one account; without `from` from now on, without `until` until they are ended."""

    from_: Moment | None = field(default=None, name="from")
    until: Moment | None = None


class SpendCapBody(Struct, frozen=True, forbid_unknown_fields=True):
    """How much the account may spend in a month, in the currency of its plan."""

    amount: Amount
    action: CapAction


PLAN_BODY_EXAMPLE: Final = {
    "code": "example",
    "name": "Example",
    "price": "0.08",
    "prices": {"hit": "0.04"},
    "requests_per_day": 500,
    "rate": "120/minute",
}
OVERRIDE_BODY_EXAMPLE: Final = {"requests_per_day": 1000}
CAP_BODY_EXAMPLE: Final = {"amount": "250", "action": "notify"}


def plan_wish_of(body: PlanBody) -> NewPlan:
    """
    Return what a body asks for.

    Raises:
        InvalidParameter: If a member cannot be used.
    """
    return NewPlan(
        NOT_GIVEN if isinstance(body.name, UnsetType) else name_of(body.name),
        NOT_GIVEN
        if isinstance(body.currency, UnsetType)
        else currency_of("currency", body.currency),
        NOT_GIVEN if isinstance(body.unit, UnsetType) else body.unit.unit,
        NOT_GIVEN if isinstance(body.is_offered, UnsetType) else body.is_offered,
        _terms_of(body),
    )


def override_wish_of(body: OverrideBody) -> NewOverride:
    """
    Return what a body asks for.

    Raises:
        InvalidParameter: If a member cannot be used.
    """
    from_at = None if body.from_ is None else body.from_.timestamp()
    until_at = None if body.until is None else body.until.timestamp()
    return NewOverride(_terms_of(body), from_at, until_at)


def cap_of(body: SpendCapBody) -> SpendCap:
    """Return the spend cap that a body asks for."""
    return SpendCap(amount_of("amount", body.amount), body.action is CapAction.BLOCK)


def _terms_of(body: TermsBody) -> Terms:
    return Terms(
        _unless_unset(body.requests_per_day),
        _records_per_day(body),
        NOT_GIVEN if isinstance(body.price, UnsetType) else amount_of("price", body.price),
        NOT_GIVEN if isinstance(body.prices, UnsetType) else _prices(body.prices),
        _rate("rate", body.rate),
        _rate("source_calls", body.source_calls),
        NOT_GIVEN
        if isinstance(body.resources, UnsetType)
        else {name: _resource(name, each) for name, each in body.resources.items()},
    )


def _resource(name: str, body: ResourceTermsBody | None) -> ResourceTerms | None:
    if body is None:
        return None
    place = f"resources.{name}"
    return ResourceTerms(
        NOT_GIVEN if isinstance(body.price, UnsetType) else amount_of(f"{place}.price", body.price),
        {} if isinstance(body.prices, UnsetType) else _prices(body.prices, f"{place}.prices"),
        _unless_unset(body.requests_per_day),
    )


def _records_per_day(body: TermsBody) -> int | NotGiven | None:
    records, vins = _unless_unset(body.records_per_day), _unless_unset(body.vins_per_day)
    return one_of("records_per_day", records, "vins_per_day", vins)


def _prices(body: PricesBody, parameter: str = "prices") -> dict[Metered, int]:
    given = {metered: getattr(body, metered) for metered in Metered}
    return {
        metered: amount_of(f"{parameter}.{metered}", text)
        for metered, text in given.items()
        if text is not UNSET
    }


def _unless_unset(given: int | UnsetType | None) -> int | NotGiven | None:
    return NOT_GIVEN if isinstance(given, UnsetType) else given


def _rate(parameter: str, given: str | UnsetType | None) -> Rate | NotGiven | None:
    if isinstance(given, UnsetType):
        return NOT_GIVEN
    return None if given is None else rate_of(parameter, given)
