"""Limits that fail, and somebody who writes down what they do."""

from plg.application.ports.limits import LimiterPort, LimitsObserverPort
from plg.domain.errors import LimiterUnavailable
from plg.domain.gcra import Buckets, full_buckets, take
from plg.domain.rates import PLACES_PER_TIER, Decision, LimitTier, RuleSet


class SharedLimiter(LimiterPort):
    """Counts for all who hold it, without any bound, unless it `is_down`."""

    def __init__(self) -> None:
        self.buckets: dict[str, Buckets] = {}
        self.is_down = False

    async def spend(self, subject: str, rules: RuleSet, now: float) -> Decision:
        if self.is_down:
            raise LimiterUnavailable("the shared buckets are down")
        places = PLACES_PER_TIER * len(LimitTier)
        return take(self.buckets.setdefault(subject, full_buckets(places, now)), rules, now)


class RecordingLimitsObserver(LimitsObserverPort):
    """Keeps the tiers that refused, and of each failure whether it denied."""

    def __init__(self) -> None:
        self.refusals: list[str] = []
        self.failures: list[bool] = []

    def limited(self, tier: str) -> None:
        self.refusals.append(tier)

    def limiter_failed(self, error: LimiterUnavailable, *, denied: bool) -> None:
        assert error.code == "limiter_unavailable"
        self.failures.append(denied)
