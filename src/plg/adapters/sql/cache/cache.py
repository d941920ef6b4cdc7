"""The durable tier of one resource."""

from collections.abc import AsyncIterator
from typing import TypeVar

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from plg.adapters.sql.cache.gathered_reads import GatheredReads
from plg.adapters.sql.cache.grouped_writes import GroupedWrites
from plg.adapters.sql.cache.invalidations import SqlInvalidations
from plg.adapters.sql.cache.pending import Change
from plg.adapters.sql.cache.rows import ENTRY_COLUMNS, to_entry
from plg.adapters.sql.cache.tables import UNREADABLE, UNWRITABLE, cache_entries
from plg.adapters.sql.database.executor import translated
from plg.application.ports.observer import ObserverPort
from plg.application.ports.records.cache import CacheInventoryPort, CachePort, CacheStats
from plg.domain.records.entries import Entry
from plg.domain.records.freshness import FreshnessPolicy
from plg.domain.records.record_keys import RecordKey

K = TypeVar("K", bound=RecordKey)
PAGE = 500
_c = cache_entries.c


class SqlCache(CachePort[K], CacheInventoryPort):
    """Reads gathered, writes grouped and behind the answer; what is not yet written is seen."""

    def __init__(
        self,
        engine: AsyncEngine,
        resource: str,
        policy: FreshnessPolicy,
        invalidations: SqlInvalidations,
        observer: ObserverPort,
    ) -> None:
        self._engine = engine
        self._resource = resource
        self._reads = GatheredReads(engine, resource)
        self._writes = GroupedWrites(engine, resource, policy, invalidations, observer)

    @property
    def tier(self) -> str:
        return "sql"

    @property
    def waiting_writes(self) -> int:
        """How many fills and removals are not yet in the database."""
        return len(self._writes)

    async def get(self, key: K) -> Entry | None:
        change = self._writes.of(key.value)
        if change is Change.NONE:
            entry = await self._reads.get(key.value)
            change = self._writes.of(key.value)  # it may have changed while we read
            if change is Change.NONE:
                return entry
        return change if isinstance(change, Entry) else None

    async def put(self, key: K, entry: Entry) -> None:
        self._writes.put(key.value, entry)

    async def remove(self, key: K) -> None:
        self._writes.remove(key.value)

    async def clear(self) -> None:
        self._writes.clear()

    async def flush(self) -> None:
        await self._writes.flush()

    async def aclose(self) -> None:
        """Write what can still be written, and stop."""
        await self._writes.aclose()
        await self._reads.aclose()

    async def stats(self) -> CacheStats:
        size = func.coalesce(func.sum(func.length(_c.body)), 0)
        statement = select(func.count(), size).where(_c.resource == self._resource)
        with translated(UNREADABLE):
            async with self._engine.connect() as connection:
                count, body_bytes = (await connection.execute(statement)).one()
        return CacheStats(count, int(body_bytes))

    async def entries(self) -> AsyncIterator[tuple[str, Entry]]:
        last = ""
        statement = select(*ENTRY_COLUMNS).where(_c.resource == self._resource)
        while True:
            page = statement.where(_c.record_key > last).order_by(_c.record_key).limit(PAGE)
            with translated(UNREADABLE):
                async with self._engine.connect() as connection:
                    rows = (await connection.execute(page)).all()
            for row in rows:
                yield row.record_key, to_entry(row)
            if len(rows) < PAGE:
                return
            last = rows[-1].record_key

    async def remove_expired(self, now: float, *, limit: int) -> int:
        mine = _c.resource == self._resource
        expired = select(_c.record_key).where(mine, _c.expires_at <= now).limit(limit)
        with translated(UNWRITABLE):
            async with self._engine.begin() as connection:
                keys = (await connection.scalars(expired)).all()
                if keys:
                    gone = delete(cache_entries).where(
                        mine, _c.record_key.in_(keys), _c.expires_at <= now
                    )
                    await connection.execute(gone)
        return len(keys)
