"""Buckets of rate limits in this process, bounded in number."""

from collections import OrderedDict
from itertools import islice
from math import inf
from typing import Final

from plg.application.ports.limits import LocalLimiterPort
from plg.domain.limits.gcra import Buckets, full_buckets, seconds_until_full, take
from plg.domain.limits.rates import PLACES_PER_TIER, Decision, LimitTier, RuleSet

SUBJECTS_MAX: Final = 100_000
LOOK_MAX: Final = 64
"""How many of the oldest are looked at when there must be room."""

_ALL_PLACES: Final = PLACES_PER_TIER * len(LimitTier)


class MemoryLimiter(LocalLimiterPort):
    """
    Counts for up to `subjects_max` subjects.

    When there must be room, a number of the oldest is looked at. Those whose buckets are full
    go, all at once: to forget them changes nothing. Else the half goes that would be full
    soonest. A subject that has spent a limit is never forgotten early: where only such are
    found, newcomers share one set of buckets among them, until there is room again.
    """

    def __init__(self, subjects_max: int = SUBJECTS_MAX) -> None:
        self._subjects_max = subjects_max
        self._buckets: OrderedDict[str, Buckets] = OrderedDict()
        self._shared = full_buckets(_ALL_PLACES, 0.0)
        self._newcomers_without_look = 0
        self.shared_count = 0

    @property
    def subject_count(self) -> int:
        """How many subjects have buckets of their own."""
        return len(self._buckets)

    def spend_now(self, subject: str, rules: RuleSet, now: float) -> Decision:
        buckets = self._buckets.get(subject)
        if buckets is None:
            buckets = self._welcome(subject, rules, now)
        elif len(buckets) < rules.size:
            buckets.extend(full_buckets(rules.size - len(buckets), now))
        return take(buckets, rules, now)

    async def spend(self, subject: str, rules: RuleSet, now: float) -> Decision:
        return self.spend_now(subject, rules, now)

    def _welcome(self, subject: str, rules: RuleSet, now: float) -> Buckets:
        if len(self._buckets) >= self._subjects_max and not self._make_room(now):
            self.shared_count += 1
            return self._shared
        buckets = self._buckets[subject] = full_buckets(rules.size, now)
        return buckets

    def _make_room(self, now: float) -> bool:
        """Forget some of the oldest, if any may be; after a look in vain wait with the next."""
        if self._newcomers_without_look > 0:
            self._newcomers_without_look -= 1
            return False
        looked = [
            (seconds_until_full(buckets, now), subject)
            for subject, buckets in islice(self._buckets.items(), LOOK_MAX)
        ]
        looked.sort()
        full = sum(1 for seconds, _ in looked if seconds <= 0.0)
        free = sum(1 for seconds, _ in looked if seconds < inf)
        going = full or (free + 1) // 2
        for _, subject in looked[:going]:
            del self._buckets[subject]
        for _, subject in looked[going:]:
            self._buckets.move_to_end(subject)
        if not going:
            self._newcomers_without_look = LOOK_MAX - 1
        return going > 0
