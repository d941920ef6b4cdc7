"""What is said of a plan: all of it for a new version, a part of it for one account."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Final

from plg.domain.errors import InvalidParameter
from plg.domain.limits.rates import Rate
from plg.domain.money import Currency
from plg.domain.not_given import NOT_GIVEN, NotGiven, given_fields
from plg.domain.plans.plans import Metered, Plan, ResourceTerms, Unit

EUR: Final = Currency("EUR")


@dataclass(frozen=True, slots=True)
class Terms:
    """
    Terms that take the place of a plan's own; unsaid where those stay.

    Attributes:
        requests_per_day: None for any number.
        vins_per_day: Distinct records; None for any number.
        price: Of one unit, in billionths of the plan's currency. It takes the place of prices of
            outcomes too, unless they are said with it.
        prices: Of outcomes that have a price of their own.
        rate: None where the operator's setting holds.
        source_calls: None where the operator's setting holds.
        resources: Terms of resources by name; None where a resource is to have none any more.
    """

    requests_per_day: int | NotGiven | None = NOT_GIVEN
    vins_per_day: int | NotGiven | None = NOT_GIVEN
    price: int | NotGiven = NOT_GIVEN
    prices: Mapping[Metered, int] | NotGiven = NOT_GIVEN
    rate: Rate | NotGiven | None = NOT_GIVEN
    source_calls: Rate | NotGiven | None = NOT_GIVEN
    resources: Mapping[str, ResourceTerms | None] | NotGiven = NOT_GIVEN

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing is said."""
        return not given_fields(self)

    def applied_to(self, plan: Plan) -> Plan:
        """
        Return the plan with these terms.

        Raises:
            InvalidParameter: If it cannot be so.
        """
        changes = given_fields(self)
        kept = {} if "price" in changes else plan.prices
        prices = {**kept, **changes.get("prices", {})}
        resources = self._resources_after(plan.resources)
        return replace(plan, **{**changes, "prices": prices, "resources": resources})

    def check_resources(self, known: Collection[str]) -> None:
        """
        Refuse terms of resources that there are not.

        Raises:
            InvalidParameter: If one is unknown. What is to be removed may be.
        """
        if isinstance(self.resources, NotGiven):
            return
        for name, terms in self.resources.items():
            if terms is not None and name not in known:
                raise InvalidParameter("resources", f"There is no resource {name!r}.")

    def _resources_after(self, before: Mapping[str, ResourceTerms]) -> dict[str, ResourceTerms]:
        resources = dict(before)
        if not isinstance(self.resources, NotGiven):
            for name, terms in self.resources.items():
                if terms is None:
                    resources.pop(name, None)
                else:
                    resources[name] = terms.after(resources.get(name))
        return resources


@dataclass(frozen=True, slots=True)
class NewPlan:
    """A version of a plan as somebody wants it; unsaid is as in the version before."""

    name: str | NotGiven = NOT_GIVEN
    currency: Currency | NotGiven = NOT_GIVEN
    unit: Unit | NotGiven = NOT_GIVEN
    is_offered: bool | NotGiven = NOT_GIVEN
    terms: Terms = Terms()

    def version_after(self, before: Plan, now: float, from_at: float) -> Plan:
        """
        Return the version that comes after another.

        Raises:
            InvalidParameter: If it cannot be so.
        """
        changes = given_fields(self)
        del changes["terms"]
        is_other_currency = changes.get("currency", before.currency) != before.currency
        if is_other_currency and self.terms.price is NOT_GIVEN:
            raise InvalidParameter("price", "price is needed with another currency.")
        if is_other_currency:  # the amounts of resources are in the old one
            changes["resources"] = {}
        return self.terms.applied_to(
            replace(before, **changes, version=before.version + 1, created_at=now, from_at=from_at)
        )

    def first_version(self, code: str, now: float) -> Plan:
        """
        Return the first version of a plan, which is in force at once.

        What is unsaid: EUR, a unit a request, no quotas, the operator's rates, on offer.

        Raises:
            InvalidParameter: If it cannot be so, or has no price.
        """
        if self.terms.price is NOT_GIVEN:
            raise InvalidParameter("price", "price is needed for a new plan.")
        nothing = Plan(code, 0, code, EUR, Unit.REQUEST, None, None, 0)
        return self.version_after(nothing, now, now)
