"""Reads that are asked for at the same time, as one statement."""

import asyncio

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncEngine

from plg.adapters.sql.cache.rows import ENTRY_COLUMNS, to_entry
from plg.adapters.sql.cache.tables import cache_entries
from plg.adapters.sql.database.dialects import for_single_reads
from plg.domain.errors import StorageUnavailable
from plg.domain.records.entries import Entry

GROUP_MAX = 200
READ_SECONDS = 1.0
"""Bound on one read: past it the lookup continues without the tier."""

_statement = select(*ENTRY_COLUMNS).where(
    cache_entries.c.resource == bindparam("resource"),
    cache_entries.c.record_key.in_(bindparam("keys", expanding=True)),
)


_Waiting = dict[str, list[asyncio.Future[Entry | None]]]


class GatheredReads:
    """
    Reads entries of one resource: keys that are asked for while a statement runs share the next.

    A statement that hangs fails those who wait for it in time, and at once those who come later.
    """

    def __init__(
        self, engine: AsyncEngine, resource: str, *, read_seconds: float = READ_SECONDS
    ) -> None:
        self._engine = for_single_reads(engine)
        self._resource = resource
        self._read_seconds = read_seconds
        self._waiting: _Waiting = {}
        self._reader: asyncio.Task[None] | None = None
        self._is_stuck = False

    async def get(self, key: str) -> Entry | None:
        """
        Return the entry under the key, or None.

        Raises:
            StorageUnavailable: If the database failed or did not answer in time.
        """
        if self._is_stuck:
            raise StorageUnavailable("the cache database has not answered for a while")
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Entry | None] = loop.create_future()
        self._waiting.setdefault(key, []).append(future)
        if self._reader is None:
            self._reader = loop.create_task(self._read_all())
        return await future

    async def aclose(self) -> None:
        """Wait for a read whose askers went away, as long as they would have: it lets go then."""
        if self._reader is not None:
            await asyncio.wait([self._reader], timeout=self._read_seconds)

    async def _read_all(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            while self._waiting:
                keys = list(self._waiting)[:GROUP_MAX]
                group = {key: self._waiting.pop(key) for key in keys}
                watchdog = loop.call_later(self._read_seconds, self._give_up, group)
                await self._read(group)
                watchdog.cancel()
                self._is_stuck = False
        finally:
            self._reader = None

    async def _read(self, group: _Waiting) -> None:
        values = {"resource": self._resource, "keys": list(group)}
        try:
            async with self._engine.connect() as connection:
                rows = (await connection.execute(_statement, values)).all()
            found = {row[0]: to_entry(row) for row in rows}
        except Exception as error:  # noqa: BLE001 - those who wait must hear of it, whatever it is
            _fail(group, "the cache database failed", error)
            return
        for key, futures in group.items():
            for future in futures:
                if not future.done():
                    future.set_result(found.get(key))

    def _give_up(self, group: _Waiting) -> None:
        self._is_stuck = True
        waiting, self._waiting = self._waiting, {}
        for late in (group, waiting):
            _fail(late, "the cache database did not answer in time")


def _fail(group: _Waiting, detail: str, cause: Exception | None = None) -> None:
    for futures in group.values():
        for future in futures:
            if not future.done():
                failure = StorageUnavailable(detail)
                failure.__cause__ = cause
                future.set_exception(failure)
