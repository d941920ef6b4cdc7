"""Reads that are asked for at the same time, as one statement."""

import asyncio

from sqlalchemy import bindparam, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from plg.adapters.sql.rows import ENTRY_COLUMNS, to_entry
from plg.adapters.sql.tables import cache_entries
from plg.domain.entries import Entry
from plg.domain.errors import StorageUnavailable

GROUP_MAX = 200
READ_SECONDS = 1.0
"""Bound on one read: past it the lookup goes on without the tier."""

_statement = select(*ENTRY_COLUMNS).where(
    cache_entries.c.resource == bindparam("resource"),
    cache_entries.c.record_key.in_(bindparam("keys", expanding=True)),
)


class GatheredReads:
    """
    Reads entries of one resource: keys that are asked for while a statement runs share the next.

    A statement that hangs fails those who wait for it in time, and at once those who come later.
    """

    def __init__(self, engine: AsyncEngine, resource: str) -> None:
        self._engine = engine.execution_options(isolation_level="AUTOCOMMIT")
        self._resource = resource
        self._waiting: dict[str, asyncio.Future[Entry | None]] = {}
        self._reader: asyncio.Task[None] | None = None
        self._is_stuck = False

    async def get(self, key: str) -> Entry | None:
        """
        Return the entry under the key, or None.

        Raises:
            StorageUnavailable: If the database failed or did not answer within a second.
        """
        if self._is_stuck:
            raise StorageUnavailable("the cache database has not answered for a while")
        future = self._waiting.get(key)
        if future is None:
            loop = asyncio.get_running_loop()
            future = self._waiting[key] = loop.create_future()
            if self._reader is None:
                self._reader = loop.create_task(self._read_all())
        done, _ = await asyncio.wait((future,), timeout=READ_SECONDS)
        if not done:
            self._is_stuck = True
            raise StorageUnavailable("the cache database did not answer in time")
        return future.result()

    async def _read_all(self) -> None:
        try:
            while self._waiting:
                keys = list(self._waiting)[:GROUP_MAX]
                group = {key: self._waiting.pop(key) for key in keys}
                await self._read(group)
                self._is_stuck = False
        finally:
            self._reader = None

    async def _read(self, group: dict[str, asyncio.Future[Entry | None]]) -> None:
        values = {"resource": self._resource, "keys": list(group)}
        try:
            async with self._engine.connect() as connection:
                rows = (await connection.execute(_statement, values)).all()
        except SQLAlchemyError as error:
            for future in group.values():
                _fail(future, error)
            return
        found = {row[0]: to_entry(row) for row in rows}
        for key, future in group.items():
            if not future.done():
                future.set_result(found.get(key))


def _fail(future: asyncio.Future[Entry | None], cause: Exception) -> None:
    failure = StorageUnavailable("the cache database failed")
    failure.__cause__ = cause
    if not future.done():
        future.set_exception(failure)
        future.exception()  # read here, because those who waited may be gone
