"""How many answers there were that nobody pays for."""

from abc import abstractmethod
from collections.abc import Sequence
from typing import Protocol

from plg.domain.ledger.free_usage import FreeUsageSum, FreeUsageTotal


class FreeUsagePort(Protocol):
    """Sums by minute, account, resource and outcome; each method may raise StorageUnavailable."""

    @abstractmethod
    async def add(self, sums: Sequence[FreeUsageSum]) -> None:
        """Add to what is there; no two of them are about the same."""

    @abstractmethod
    async def totals(
        self,
        account_id: str | None,
        since: int,
        until: int,
        *,
        after: FreeUsageTotal | None,
        limit: int,
    ) -> list[FreeUsageTotal]:
        """
        Return sums over minutes, the last one not included, in order.

        `account_id` None is every account; `after` is where the page before ended.
        """

    @abstractmethod
    async def prune(self, before: int, *, limit: int) -> int:
        """Remove sums of before a minute, at most so many; return how many."""
