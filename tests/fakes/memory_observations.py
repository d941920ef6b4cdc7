"""Observations in memory."""

from collections.abc import Sequence
from math import inf

from plg.application.ports.records.observations import ObservationsPort
from plg.domain.records.trendline import TrendPoint
from plg.domain.records.vehicles import Observation, Vin
from tests.fakes.memory_tables import Twin


class MemoryObservations(Twin, ObservationsPort):
    """Observations in a dict."""

    async def add(self, observations: Sequence[Observation]) -> None:
        for each in observations:
            self._written.observations.setdefault((each.vin.value, each.observed_at), each)

    async def newest(self, vin: Vin, at: float) -> Observation | None:
        return max(self._of(vin, -inf, at), key=lambda each: each.observed_at, default=None)

    async def points(
        self, vin: Vin, since: float | None, until: float | None, *, limit: int
    ) -> list[TrendPoint]:
        found = self._of(vin, -inf if since is None else since, inf if until is None else until)
        found.sort(key=lambda each: each.observed_at)
        return [TrendPoint(each.observed_at, each.soh, each.odometer) for each in found[-limit:]]

    async def forget(self, vin: Vin, *, limit: int) -> int:
        gone = [place for place in self._written.observations if place[0] == vin.value][:limit]
        for place in gone:
            del self._written.observations[place]
        return len(gone)

    def _of(self, vin: Vin, since: float, until: float) -> list[Observation]:
        held = self._read.observations.values()
        return [each for each in held if each.vin == vin and since <= each.observed_at <= until]
