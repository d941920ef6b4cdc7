"""Deliver notices again and again, and forget what is old."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from plg.application.background import Job, every
from plg.application.notices.deliver import Deliver
from plg.application.ports.clock import ClockPort
from plg.application.ports.work import UnitOfWorkPort
from plg.application.shielded import shielded
from plg.domain.limits.rates import DAY_SECONDS

POLL_SECONDS: Final = 2.0
PRUNE_SECONDS: Final = 3600.0
KEPT_SECONDS: Final = 400.0 * DAY_SECONDS
STEP: Final = 500


@dataclass(frozen=True, slots=True)
class PruneNotices:
    """Removes notices of more than a year ago, a few at a time."""

    work: UnitOfWorkPort
    clock: ClockPort

    async def __call__(self) -> int:
        """
        Remove some, and return how many.

        Raises:
            StorageUnavailable: If the database fails.
        """
        return await shielded(self._prune(self.clock.now() - KEPT_SECONDS))

    async def _prune(self, before: float) -> int:
        async with self.work.change() as work:
            return await work.notices.prune(before, limit=STEP)


def notice_jobs(deliveries: Sequence[Deliver], prune: PruneNotices) -> tuple[Job, ...]:
    """Return a job for each channel: a slow mail server holds up no webhook."""
    return (
        *(
            Job(f"deliver_{deliver.carrier.channel}", deliver, every(POLL_SECONDS))
            for deliver in deliveries
        ),
        Job("prune_notices", prune, every(PRUNE_SECONDS)),
    )
