"""What holds for an account now: its plan with its own exceptions applied."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import inf

from plg.domain.money import Currency
from plg.domain.plans import Metered, Unit


@dataclass(frozen=True, slots=True)
class SpendCap:
    """
    How much an account may spend in a billing period.

    Attributes:
        nanos: In billionths of the currency.
        blocks: Whether more is refused, or only told.
    """

    nanos: int
    blocks: bool


@dataclass(frozen=True, slots=True, eq=False)
class Tariff:
    """
    All that a billable answer needs to know; the same object until something changes.

    Attributes:
        prices: Of each outcome, in billionths of the currency.
        valid_until: When the plan or an exception changes by itself.
    """

    plan_code: str
    plan_version: int
    currency: Currency
    unit: Unit
    prices: Mapping[Metered, int]
    requests_per_day: int | None = None
    vins_per_day: int | None = None
    spend_cap: SpendCap | None = None
    valid_until: float = inf
