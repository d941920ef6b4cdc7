"""Where it is counted how often somebody asked."""

from abc import abstractmethod
from typing import Protocol

from plg.domain.rates import Decision, RuleSet


class LimiterPort(Protocol):
    """Buckets, one for each subject and rule (GCRA)."""

    @abstractmethod
    async def spend(self, subject: str, rules: RuleSet, now: float) -> Decision:
        """
        Take one from every bucket of the rules, or from none where one of them is empty.

        Raises:
            LimiterUnavailable: If the buckets cannot be reached.
        """


class LocalLimiterPort(LimiterPort, Protocol):
    """Buckets of this process alone, which never fail."""

    @abstractmethod
    def spend_now(self, subject: str, rules: RuleSet, now: float) -> Decision:
        """Do the same at once."""
