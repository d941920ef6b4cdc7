"""Purges, told to every process on the same cache database through a table."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from plg.adapters.sql.cache.open_cache import OpenCache
from plg.adapters.sql.cache.tables import UNREADABLE, UNWRITABLE, cache_invalidations
from plg.adapters.sql.database.executor import translated
from plg.application.ports.clock import ClockPort
from plg.application.ports.records.invalidation import EVERYTHING, Invalidation, InvalidationPort

_c = cache_invalidations.c


class SqlInvalidations(InvalidationPort):
    """
    Reads on from the last row seen; rows that were there at the first poll are history.

    A cache file that was deleted or replaced takes the log with it: in a new one all rows count.
    """

    def __init__(self, engine: AsyncEngine, clock: ClockPort, cache: OpenCache) -> None:
        self._engine = engine
        self._clock = clock
        self._cache = cache
        self._seen: int | None = None

    async def publish(self, invalidation: Invalidation) -> None:
        row = {
            "resource": invalidation.resource,
            "record_key": invalidation.key,
            "made_at": self._clock.now(),
        }
        with translated(UNWRITABLE):
            async with self._engine.begin() as connection:
                await connection.execute(insert(cache_invalidations), row)

    async def prune(self, before: float) -> None:
        with translated(UNWRITABLE):
            async with self._engine.begin() as connection:
                await connection.execute(delete(cache_invalidations).where(_c.made_at < before))

    async def poll(self) -> list[Invalidation]:
        if await self._cache.follow():
            self._seen = 0
            return [EVERYTHING]
        with translated(UNREADABLE):
            async with self._engine.connect() as connection:
                if self._seen is None:
                    latest = await connection.scalar(select(func.max(_c.id)))
                    self._seen = latest or 0
                    return []
                rows = await self._unseen(connection)
        if rows:
            self._seen = rows[-1].id
        return [Invalidation(row.resource, row.record_key) for row in rows]

    async def unseen(self, connection: AsyncConnection, resource: str) -> list[Invalidation]:
        """
        Return, within a transaction, what others purged since the last poll.

        What is about to be written may have been fetched before such a purge.
        """
        rows = await self._unseen(connection)
        return [Invalidation(resource, row.record_key) for row in rows if row.resource == resource]

    async def _unseen(self, connection: AsyncConnection) -> Sequence[Row[Any, Any, Any]]:
        if self._seen is None:
            return ()
        statement = select(_c.id, _c.resource, _c.record_key).where(_c.id > self._seen)
        return (await connection.execute(statement.order_by(_c.id))).all()
