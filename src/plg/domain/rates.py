"""How often somebody may ask."""

import re
from dataclasses import dataclass
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
_RATE: Final = re.compile(r"([0-9]{1,9})\s*/\s*(second|minute|hour|day)s?")


@dataclass(frozen=True, slots=True)
class Rate:
    """So many requests, at once or spread, in so many seconds."""

    limit: int
    seconds: int

    def __post_init__(self) -> None:
        if not 1 <= self.limit <= LIMIT_MAX or not 1 <= self.seconds <= DAY_SECONDS:
            raise ValueError("must be a rate such as 60/minute")

    @classmethod
    def parse(cls, text: str) -> Self:
        """
        Read `60/minute`: second, minute, hour or day.

        Raises:
            ValueError: If it is no such text.
        """
        match = _RATE.fullmatch(text.strip().lower())
        if match is None:
            raise ValueError("must be a rate such as 60/minute")
        return cls(int(match[1]), _PERIODS[match[2]])

    def __str__(self) -> str:
        period = next(name for name, seconds in _PERIODS.items() if seconds == self.seconds)
        return f"{self.limit}/{period}"


@dataclass(frozen=True, slots=True)
class Rates:
    """The rates that a credential has of its own; None where the default holds."""

    burst: Rate | None = None
    sustained: Rate | None = None


NO_RATES: Final = Rates()


@dataclass(frozen=True, slots=True)
class Rule:
    """A rate that holds under the name of a tier."""

    tier: LimitTier
    rate: Rate


@dataclass(frozen=True, slots=True, eq=False)
class RuleSet:
    """Rules that are decided together; the same object wherever the same ones hold."""

    rules: tuple[Rule, ...]


@dataclass(slots=True)
class Decision:
    """
    Whether somebody may go on, by all rules of a set at once.

    Attributes:
        violated: The rules that forbid it; empty where it is allowed.
        tightest: The rule with the least left, of which an answer tells.
        remaining: Requests that `tightest` would allow at once now.
        reset_seconds: Until `tightest` has all its requests again.
        retry_seconds: Until the same would be allowed; 0 where it is.
    """

    is_allowed: bool
    violated: tuple[Rule, ...]
    tightest: Rule
    remaining: int
    reset_seconds: float
    retry_seconds: float
