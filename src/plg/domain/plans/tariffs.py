"""What holds for an account now: its plan with its own exceptions applied."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import inf

from plg.domain.limits.rates import NO_RATES, Rate, Rates
from plg.domain.money import Currency
from plg.domain.plans.plans import Metered, Plan, Unit


@dataclass(frozen=True, slots=True)
class SpendCap:
    """
    How much an account may spend in a month.

    Attributes:
        nanos: In billionths of the currency of the account's plan.
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
        rates: For credentials that have none of their own.
        source_calls: Lookups that may reach the source; None where the setting holds.
        own_cap: What the account itself has set beside the operator's `spend_cap`; both hold.
        resource_prices: As `prices`, of resources that have some of their own.
        resource_requests: Daily quotas of resources beside `requests_per_day`.
        tells_at: The lowest of both; None without one.
        blocks_at: The lowest of those that block; None without one.
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
    rates: Rates = NO_RATES
    source_calls: Rate | None = None
    own_cap: SpendCap | None = None
    resource_prices: Mapping[str, Mapping[Metered, int]] = field(default_factory=dict)
    resource_requests: Mapping[str, int] = field(default_factory=dict)
    tells_at: int | None = field(init=False)
    blocks_at: int | None = field(init=False)

    def __post_init__(self) -> None:
        caps = [cap for cap in (self.spend_cap, self.own_cap) if cap is not None]
        blocking = (cap.nanos for cap in caps if cap.blocks)
        object.__setattr__(self, "tells_at", min((cap.nanos for cap in caps), default=None))
        object.__setattr__(self, "blocks_at", min(blocking, default=None))

    def prices_of(self, resource: str) -> Mapping[Metered, int]:
        """Return what each outcome costs for a resource."""
        return self.resource_prices.get(resource, self.prices)

    @classmethod
    def of(
        cls,
        plan: Plan,
        cap: SpendCap | None,
        valid_until: float,
        own_cap: SpendCap | None = None,
    ) -> "Tariff":
        """Return the tariff of a plan; its one rate takes the place of burst and sustained."""
        return cls(
            plan_code=plan.code,
            plan_version=plan.version,
            currency=plan.currency,
            unit=plan.unit,
            prices={metered: plan.price_of(metered) for metered in Metered},
            requests_per_day=plan.requests_per_day,
            vins_per_day=plan.vins_per_day,
            spend_cap=cap,
            valid_until=valid_until,
            rates=NO_RATES if plan.rate is None else Rates(plan.rate, plan.rate),
            source_calls=plan.source_calls,
            own_cap=own_cap,
            resource_prices={
                name: {metered: plan.price_of(metered, name) for metered in Metered}
                for name in plan.resources
            },
            resource_requests=plan.resource_requests,
        )
