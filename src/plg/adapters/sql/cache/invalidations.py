"""Purges, told to every process on the same cache database through a table."""

from sqlalchemy import delete, insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from plg.adapters.sql.cache.open_cache import OpenCache
from plg.adapters.sql.cache.tables import UNREADABLE, UNWRITABLE, cache_invalidations
from plg.adapters.sql.database.executor import translated
from plg.adapters.sql.database.numbered_feed import NumberedFeed
from plg.application.ports.clock import ClockPort
from plg.application.ports.records.invalidation import EVERYTHING, Invalidation, InvalidationPort

_c = cache_invalidations.c


class SqlInvalidations(InvalidationPort):
    """
    Reads on in the numbered rows.

    A cache file that was deleted or replaced takes the log with it: in a new one all rows count.
    """

    def __init__(
        self, engine: AsyncEngine, clock: ClockPort, cache: OpenCache, *, overlap: int | None = None
    ) -> None:
        self._engine = engine
        self._clock = clock
        self._cache = cache
        self._feed = NumberedFeed(
            cache_invalidations, (_c.resource, _c.record_key), engine.dialect.name, overlap=overlap
        )

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
            self._feed.begin_anew()
            return [EVERYTHING]
        with translated(UNREADABLE):
            async with self._engine.connect() as connection:
                rows = await self._feed.poll(connection)
        return [Invalidation(row.resource, row.record_key) for row in rows]

    async def unseen(self, connection: AsyncConnection, resource: str) -> list[Invalidation]:
        """
        Return, within a transaction, what others purged since the last poll.

        What is about to be written may have been fetched before such a purge.
        """
        rows = await self._feed.peek(connection)
        return [Invalidation(resource, row.record_key) for row in rows if row.resource == resource]
