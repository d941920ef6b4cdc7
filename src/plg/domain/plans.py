"""Plans: what an account may do, and what that costs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from plg.domain.lookups import Outcome
from plg.domain.money import Currency
from plg.domain.rates import Rate


class Unit(StrEnum):
    """What is counted: each answer, or each vehicle on a day."""

    REQUEST = "request"
    VIN = "vin"


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


@dataclass(frozen=True, slots=True)
class Plan:
    """
    One version of a plan; what is sold is never changed, only replaced by a new version.

    Attributes:
        code: `basic`; with `version` it names these terms for ever.
        requests_per_day: None for any number. Counts answers that carry data, in UTC days.
        vins_per_day: Different vehicles a day; None for any number.
        rate: Replaces burst and sustained limits, where it is set.
        source_calls: Lookups of one caller that may reach the source.
        price: Of one unit, in billionths of the currency.
        prices: Of outcomes that have a price of their own.
    """

    code: str
    version: int
    name: str
    currency: Currency
    unit: Unit
    requests_per_day: int | None
    vins_per_day: int | None
    price: int
    source_calls: Rate
    rate: Rate | None = None
    prices: Mapping[Metered, int] = field(default_factory=dict)
    is_offered: bool = True
    created_at: float = 0.0

    def price_of(self, metered: Metered) -> int:
        """Return what an answer costs: no match and no change are free unless a price is set."""
        own = self.prices.get(metered)
        if own is not None:
            return own
        return 0 if metered in (Metered.NOT_FOUND, Metered.NOT_MODIFIED) else self.price


_METERED = {
    Outcome.HIT: Metered.HIT,
    Outcome.MISS: Metered.MISS,
    Outcome.REVALIDATED: Metered.MISS,
    Outcome.COLLAPSED: Metered.MISS,
    Outcome.STALE_WHILE_REVALIDATE: Metered.STALE,
    Outcome.STALE_IF_ERROR: Metered.STALE,
    Outcome.NOT_FOUND: Metered.NOT_FOUND,
}
