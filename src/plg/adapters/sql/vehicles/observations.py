"""Observations of vehicles in the durable database."""

from collections.abc import Sequence

from sqlalchemy import select

from plg.adapters.sql.database.executor import Executor
from plg.adapters.sql.vehicles.tables import vehicle_observations
from plg.application.ports.records.observations import ObservationsPort
from plg.domain.records.trendline import TrendPoint
from plg.domain.records.vehicles import Observation, Vin

_c = vehicle_observations.c


class SqlObservations(ObservationsPort):
    """A row an observation, in the order of vehicle and time."""

    def __init__(self, statements: Executor) -> None:
        self._statements = statements

    async def add(self, observations: Sequence[Observation]) -> None:
        rows = [
            {
                "vin": each.vin.value,
                "observed_at": each.observed_at,
                "soh": each.soh,
                "odometer": each.odometer,
                "document": each.document,
            }
            for each in observations
        ]
        if rows:
            await self._statements.write_missing(vehicle_observations, rows)

    async def newest(self, vin: Vin, at: float) -> Observation | None:
        columns = (_c.observed_at, _c.soh, _c.odometer, _c.document)
        mine = select(*columns).where(_c.vin == vin.value, _c.observed_at <= at)
        row = await self._statements.row(mine.order_by(_c.observed_at.desc()).limit(1))
        return None if row is None else Observation(vin, *row)

    async def forget(self, vin: Vin, *, limit: int) -> int:
        return await self._statements.remove(vehicle_observations, _c.vin == vin.value, limit=limit)

    async def points(
        self, vin: Vin, since: float | None, until: float | None, *, limit: int
    ) -> list[TrendPoint]:
        mine = select(_c.observed_at, _c.soh, _c.odometer).where(_c.vin == vin.value)
        if since is not None:
            mine = mine.where(_c.observed_at >= since)
        if until is not None:
            mine = mine.where(_c.observed_at <= until)
        newest = mine.order_by(_c.observed_at.desc()).limit(limit)
        return [TrendPoint(*row) for row in reversed(await self._statements.rows(newest))]
