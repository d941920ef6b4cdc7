"""How often somebody may ask."""

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, Self


class LimitTier(StrEnum):
    """The limits there are; burst and sustained hold for every route, the others for some."""

    BURST = "burst"
    SUSTAINED = "sustained"
    AUTH_TOKEN = "auth_token"
    DATA_MODIFICATION = "data_modification"
    CONTENT_LISTING = "content_listing"
    SEARCH = "search"
    ADMIN = "admin"
    SOURCE_CALLS = "source_calls"


LIMIT_MAX: Final = 1_000_000_000
DAY_SECONDS: Final = 86400
_PERIODS: Final = {"second": 1, "minute": 60, "hour": 3600, "day": DAY_SECONDS}
_RULE: Final = (
    f"must be a rate such as 60/minute: 1 to {LIMIT_MAX} requests a second, minute, hour or day"
)
_RATE: Final = re.compile(r"([0-9]{1,10})\s*/\s*(second|minute|hour|day)s?")


@dataclass(frozen=True, slots=True)
class Rate:
    """So many requests, at once or spread, in so many seconds."""

    limit: int
    seconds: int

    def __post_init__(self) -> None:
        if not 1 <= self.limit <= LIMIT_MAX or not 1 <= self.seconds <= DAY_SECONDS:
            raise ValueError(_RULE)

    @classmethod
    def parse(cls, text: str) -> Self:
        """
        Read `60/minute`: second, minute, hour or day.

        Raises:
            ValueError: If it is no such text.
        """
        match = _RATE.fullmatch(text.strip().lower())
        if match is None:
            raise ValueError(_RULE)
        return cls(int(match[1]), _PERIODS[match[2]])

    def exceeds(self, other: Self) -> bool:
        """Tell whether it allows more than the other, at once or in the long run."""
        return self.limit > other.limit or self.limit * other.seconds > other.limit * self.seconds

    def __str__(self) -> str:
        names = {seconds: name for name, seconds in _PERIODS.items()}
        period = names.get(self.seconds, f"{self.seconds} seconds")
        return f"{self.limit}/{period}"


@dataclass(frozen=True, slots=True)
class Rates:
    """The rates that a credential has of its own; None where the default holds."""

    burst: Rate | None = None
    sustained: Rate | None = None

    def over(self, others: "Rates") -> "Rates":
        """Return these, and where there is none, the others'; the same object where it can be."""
        if self == NO_RATES:
            return others
        if others == NO_RATES:
            return self
        return Rates(self.burst or others.burst, self.sustained or others.sustained)


NO_RATES: Final = Rates()


@dataclass(frozen=True, slots=True)
class Rule:
    """A rate that holds under the name of a tier."""

    tier: LimitTier
    rate: Rate


Term = tuple[int, int, int, float, float, Rule]
"""A rule ready to compute with: three places in `Buckets`, limit, requests a second, itself."""

PLACES_PER_TIER: Final = 3
_TIER_NUMBERS: Final = {tier: number for number, tier in enumerate(LimitTier)}


@dataclass(frozen=True, slots=True, eq=False)
class RuleSet:
    """
    Rules that are decided together; the same object wherever the same ones hold.

    Attributes:
        terms: The rules, made ready.
        size: How many places the buckets of these rules need.
    """

    rules: tuple[Rule, ...]
    terms: tuple[Term, ...] = field(init=False, repr=False)
    size: int = field(init=False, repr=False)

    def __post_init__(self) -> None:
        terms = tuple(_term_of(rule) for rule in self.rules)
        object.__setattr__(self, "terms", terms)
        object.__setattr__(self, "size", max((term[2] + 1 for term in terms), default=0))


@dataclass(slots=True)
class Decision:
    """
    Whether somebody may go on, by all rules of a set at once.

    Attributes:
        rules: By which it was decided.
        figures: Two for each rule, in their order: how many requests it would allow at once
            now, and in how many seconds, rounded up, it has all of them again.
        violated: The rules that forbid it; empty where it is allowed.
        retry_seconds: Until the same would be allowed; 0 where it is.
    """

    rules: RuleSet
    figures: list[int]
    violated: tuple[Rule, ...] = ()
    retry_seconds: float = 0.0

    @property
    def is_allowed(self) -> bool:
        """Tell whether no rule forbids it; `not violated`, where a call is too much."""
        return not self.violated

    @property
    def remaining(self) -> int:
        """How many requests all rules together would allow at once now."""
        return min(self.figures[::2], default=LIMIT_MAX)


UNLIMITED: Final = Decision(RuleSet(()), [])
"""The decision about somebody for whom no rules hold."""


def _term_of(rule: Rule) -> Term:
    first = _TIER_NUMBERS[rule.tier] * PLACES_PER_TIER
    limit = float(rule.rate.limit)
    return first, first + 1, first + 2, limit, limit / rule.rate.seconds, rule
