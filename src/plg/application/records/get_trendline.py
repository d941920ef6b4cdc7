"""Show state of health over time."""

from dataclasses import dataclass
from typing import Final

from plg.application.ports.work import UnitOfWorkPort
from plg.domain.records.trendline import Trendline, TrendQuery, downsample

OBSERVATIONS_MAX: Final = 10_000
"""As many, the newest ones of a range, are read for one trendline."""


@dataclass(frozen=True, slots=True)
class GetTrendline:
    """Make a few points of the observations that are kept; the source is not asked."""

    work: UnitOfWorkPort
    observations_max: int = OBSERVATIONS_MAX

    async def __call__(self, query: TrendQuery) -> Trendline:
        """
        Return the points, none where nothing is kept.

        Raises:
            StorageUnavailable: If the database fails.
        """
        async with self.work.look() as work:
            found = await work.observations.points(
                query.vin, query.since, query.until, limit=self.observations_max + 1
            )
        read = found[-self.observations_max :]
        return Trendline(
            query.vin, downsample(read, query.points), len(read), len(found) == len(read)
        )
