"""A limiter without bounds, and somebody who writes down what limits do."""

from plg.application.ports.limits import LimiterPort, LimitsObserverPort
from plg.domain.limits.gcra import Buckets, full_buckets, take
from plg.domain.limits.rates import PLACES_PER_TIER, Decision, LimitTier, RuleSet


class SharedLimiter(LimiterPort):
    """Counts for all who hold it, without any bound."""

    def __init__(self) -> None:
        self.buckets: dict[str, Buckets] = {}

    async def spend(self, subject: str, rules: RuleSet, now: float) -> Decision:
        places = PLACES_PER_TIER * len(LimitTier)
        return take(self.buckets.setdefault(subject, full_buckets(places, now)), rules, now)


class RecordingLimitsObserver(LimitsObserverPort):
    """Keeps the tiers that refused."""

    def __init__(self) -> None:
        self.refusals: list[str] = []

    def limited(self, tier: str) -> None:
        self.refusals.append(tier)
