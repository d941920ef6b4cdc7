"""Where it is counted how often somebody asked."""

from abc import abstractmethod
from typing import Protocol

from plg.domain.limits.rates import Decision, RuleSet


class LimiterPort(Protocol):
    """Buckets, one for each subject and tier (GCRA): two sets of rules share those in both."""

    @abstractmethod
    async def spend(self, subject: str, rules: RuleSet, now: float) -> Decision:
        """
        Take one from every bucket of the rules, or from none where one of them is empty.

        At least one rule is needed. `now` is by the clock that all who share the buckets have.
        """


class LocalLimiterPort(LimiterPort, Protocol):
    """Buckets of this process alone, which never fail."""

    @abstractmethod
    def spend_now(self, subject: str, rules: RuleSet, now: float) -> Decision:
        """Do the same at once; `now` is monotonic."""


class LimitsObserverPort(Protocol):
    """Takes note of limits. Never raises, never waits."""

    @abstractmethod
    def limited(self, tier: str) -> None:
        """A request was refused by the rule of this tier; each rule that refuses it is told."""
