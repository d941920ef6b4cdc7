"""Plans: what an account may do, and what that costs."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from math import inf
from typing import Final

from plg.domain.errors import InvalidParameter
from plg.domain.limits.rates import Rate
from plg.domain.money import NANOS_MAX, Currency
from plg.domain.not_given import NOT_GIVEN, NotGiven
from plg.domain.records.lookups import Outcome

NAME_LENGTH_MAX: Final = 100
COUNT_MAX: Final = 1_000_000_000
_CODE: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}")


class Unit(StrEnum):
    """What is counted: each answer, or each distinct record on a day."""

    REQUEST = "request"
    VIN = "vin"  # the name that records of all spaces of keys have had since there were vehicles


class Metered(StrEnum):
    """How an answer came about, as far as it has a price."""

    HIT = "hit"
    MISS = "miss"
    STALE = "stale"
    NOT_FOUND = "not_found"
    NOT_MODIFIED = "not_modified"

    @classmethod
    def of(cls, outcome: Outcome) -> "Metered":
        """Return what an outcome of a lookup is billed as."""
        return _METERED[outcome]


FREE_UNLESS_PRICED: Final = frozenset({Metered.NOT_FOUND, Metered.NOT_MODIFIED})


@dataclass(frozen=True, slots=True)
class ResourceTerms:
    """
    Terms of one resource; what is not given is the plan's.

    Attributes:
        price: Of one unit, in billionths of the plan's currency. It takes the place of the plan's
            prices of outcomes that carry data too.
        prices: Of outcomes that have a price of their own for this resource.
        requests_per_day: A quota beside the plan's; None for no other than that.
    """

    price: int | NotGiven = NOT_GIVEN
    # Left out of the hash, not of the comparison: a mapping has none.
    prices: Mapping[Metered, int] = field(default_factory=dict, hash=False)
    requests_per_day: int | NotGiven | None = NOT_GIVEN

    @property
    def amounts(self) -> list[int]:
        """Every amount that is given."""
        own = [] if isinstance(self.price, NotGiven) else [self.price]
        return [*own, *self.prices.values()]

    def after(self, before: "ResourceTerms | None") -> "ResourceTerms":
        """Return these terms with what they leave out from earlier ones."""
        if before is None:
            return self
        quota = self.requests_per_day
        if isinstance(quota, NotGiven):
            quota = before.requests_per_day
        if isinstance(self.price, NotGiven):
            return ResourceTerms(before.price, {**before.prices, **self.prices}, quota)
        return ResourceTerms(self.price, self.prices, quota)


def is_plan_code(text: str) -> bool:
    """Tell whether a plan may be called so."""
    return _CODE.fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class Plan:
    """
    One version of a plan; what is sold is never changed, only replaced by a new version.

    Attributes:
        code: `basic`; with `version` it names these terms for ever.
        requests_per_day: None for any number. Counts answers that carry data, in UTC days.
        vins_per_day: Distinct records a day; None for any number.
        price: Of one unit, in billionths of the currency.
        rate: Replaces burst and sustained limits; None where the operator's setting holds.
        source_calls: Lookups of one caller that may reach the source; None as with `rate`.
        prices: Of outcomes that have a price of their own.
        resources: Terms of resources that have some of their own, by name.
        is_offered: Whether customers are told of it.
        from_at: From when on it is in force for accounts that follow the plan's versions.

    Raises:
        InvalidParameter: If it cannot be so.
    """

    code: str
    version: int
    name: str
    currency: Currency
    unit: Unit
    requests_per_day: int | None
    vins_per_day: int | None
    price: int
    source_calls: Rate | None = None
    rate: Rate | None = None
    # Left out of the hash, not of the comparison: a mapping has none.
    prices: Mapping[Metered, int] = field(default_factory=dict, hash=False)
    is_offered: bool = True
    created_at: float = 0.0
    from_at: float = 0.0
    resources: Mapping[str, ResourceTerms] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        if not is_plan_code(self.code):
            raise InvalidParameter(
                "code", "code must have 1 to 32 of a-z, 0-9, _ and -, a letter or digit first."
            )
        if not 1 <= len(self.name) <= NAME_LENGTH_MAX:
            raise InvalidParameter("name", f"name must have 1 to {NAME_LENGTH_MAX} characters.")
        _check_count("requests_per_day", self.requests_per_day)
        _check_count("vins_per_day", self.vins_per_day)
        for name, count in self.resource_requests.items():
            _check_count(f"resources.{name}.requests_per_day", count)
        amounts = [self.price, *self.prices.values()]
        for each in self.resources.values():
            amounts += each.amounts
        if not all(0 <= nanos <= NANOS_MAX for nanos in amounts):
            raise InvalidParameter("price", "price must be from 0 to a billion.")

    @property
    def resource_requests(self) -> dict[str, int]:
        """The daily quotas of resources that have one of their own."""
        quotas = ((name, terms.requests_per_day) for name, terms in self.resources.items())
        return {name: count for name, count in quotas if isinstance(count, int)}

    def price_of(self, metered: Metered, resource: str | None = None) -> int:
        """Return what an answer costs: no match and no change are free unless a price is set."""
        terms = None if resource is None else self.resources.get(resource)
        if terms is not None:
            if metered in terms.prices:
                return terms.prices[metered]
            if not isinstance(terms.price, NotGiven) and metered not in FREE_UNLESS_PRICED:
                return terms.price
        own = self.prices.get(metered)
        if own is not None:
            return own
        return 0 if metered in FREE_UNLESS_PRICED else self.price


def in_force(versions: Sequence[Plan], instant: float) -> Plan:
    """Return the newest of a plan's versions, at least one, that has begun at an instant."""
    begun = [plan for plan in versions if plan.from_at <= instant]
    return max(begun or versions[:1], key=lambda plan: plan.version)


def next_in_force(versions: Sequence[Plan], instant: float) -> float:
    """Return when another version will be in force; infinite where none will."""
    newest = in_force(versions, instant).version
    later = (each.from_at for each in versions if each.version > newest)
    return min(later, default=inf)


def _check_count(name: str, count: int | None) -> None:
    if count is not None and not 1 <= count <= COUNT_MAX:
        raise InvalidParameter(name, f"{name} must be from 1 to {COUNT_MAX}, or unlimited.")


_METERED = {
    Outcome.HIT: Metered.HIT,
    Outcome.MISS: Metered.MISS,
    Outcome.REVALIDATED: Metered.MISS,
    Outcome.COLLAPSED: Metered.MISS,
    Outcome.STALE_WHILE_REVALIDATE: Metered.STALE,
    Outcome.STALE_IF_ERROR: Metered.STALE,
    Outcome.NOT_FOUND: Metered.NOT_FOUND,
}
