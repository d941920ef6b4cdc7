"""Show how many answers there were that nobody pays for."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Final

from plg.application.ports.work import UnitOfWorkPort
from plg.domain.ledger.free_usage import FreeUsageTotal, minute_of

PAGE: Final = 500


@dataclass(frozen=True, slots=True)
class ShowFreeUsage:
    """Adds the minutes of some time up."""

    work: UnitOfWorkPort

    async def __call__(
        self, account_id: str | None, since: float, until: float
    ) -> AsyncIterator[FreeUsageTotal]:
        """
        Yield sums by account, resource and outcome, in this order; minutes count as a whole.

        Raises:
            StorageUnavailable: If the database fails.
        """
        first, end = minute_of(since), -minute_of(-until)
        last: FreeUsageTotal | None = None
        while True:
            async with self.work.look() as work:
                page = await work.free_usage.totals(account_id, first, end, after=last, limit=PAGE)
            for each in page:
                yield each
            if len(page) < PAGE:
                return
            last = page[-1]
