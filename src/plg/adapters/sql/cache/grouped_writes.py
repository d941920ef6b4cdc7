"""Fills and removals, written behind the answers in groups."""

import asyncio
from contextlib import suppress

from sqlalchemy import bindparam, delete
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from plg.adapters.sql.cache.invalidations import SqlInvalidations
from plg.adapters.sql.cache.pending import Change, PendingChanges
from plg.adapters.sql.cache.rows import to_row
from plg.adapters.sql.cache.tables import UNWRITABLE, cache_entries
from plg.adapters.sql.database.dialects import upsert_newer
from plg.application.ports.observer import ObserverPort
from plg.domain.errors import StorageUnavailable
from plg.domain.records.entries import Entry
from plg.domain.records.freshness import FreshnessPolicy

LINGER_SECONDS = 0.02
RETRY_SECONDS = 0.5


class GroupedWrites:
    """
    Writes the changes of one resource: all that gather while a group is written share the next.

    A group that fails loses its fills, which will be fetched again, but never its removals; where
    too many of these wait, all of the resource is removed instead.
    """

    def __init__(
        self,
        engine: AsyncEngine,
        resource: str,
        policy: FreshnessPolicy,
        invalidations: SqlInvalidations,
        observer: ObserverPort,
    ) -> None:
        self._engine = engine
        self._upsert = upsert_newer(engine.dialect.name, cache_entries)
        self._resource = resource
        self._policy = policy
        self._invalidations = invalidations
        self._observer = observer
        self._gathering = PendingChanges()
        self._writing = PendingChanges()
        self._writer: asyncio.Task[None] | None = None
        self._hurry = asyncio.Event()
        self._attempted = asyncio.Event()
        self._failure: Exception | None = None

    def __len__(self) -> int:
        return len(self._gathering) + len(self._writing)

    def of(self, key: str) -> Entry | Change:
        """Return what is about to become of the key."""
        change = self._gathering.of(key)
        return self._writing.of(key) if change is Change.NONE else change

    def put(self, key: str, entry: Entry) -> None:
        """Write the entry soon, or never if too much waits already."""
        if self._gathering.put(key, entry):
            self._wake()
        else:
            self._observer.cache_failed("sql", StorageUnavailable("too many fills wait"))

    def remove(self, key: str) -> None:
        """Remove the key soon; with all the others if too many removals wait already."""
        self._tell_unless(self._gathering.remove(key))
        self._wake()

    def clear(self) -> None:
        """Remove all keys of the resource soon."""
        self._gathering.clear()
        self._wake()

    async def flush(self) -> None:
        """
        Write all that waits.

        Raises:
            StorageUnavailable: If it could not be written.
        """
        while self._writer is not None:
            self._attempted.clear()
            self._hurry.set()
            await self._attempted.wait()
            if self._failure is not None:
                raise StorageUnavailable(UNWRITABLE) from self._failure

    async def aclose(self) -> None:
        """Write what can still be written, and stop."""
        with suppress(StorageUnavailable):
            await self.flush()
        if self._writer is not None:
            self._writer.cancel()
            await asyncio.wait([self._writer], timeout=RETRY_SECONDS)

    def _tell_unless(self, is_kept: bool) -> None:  # noqa: FBT001 - what it was told
        if not is_kept:
            error = StorageUnavailable("too many removals wait: the whole tier will be emptied")
            self._observer.cache_failed("sql", error)

    def _wake(self) -> None:
        if self._writer is None:
            self._writer = asyncio.get_running_loop().create_task(self._write_all())

    async def _write_all(self) -> None:
        try:
            while self._gathering:
                await self._linger()
                self._writing, self._gathering = self._gathering, PendingChanges()
                try:
                    await self._write(self._writing)
                    self._failure = None
                except Exception as error:  # noqa: BLE001 - no failure may end all writing
                    self._failure = error
                    self._observer.cache_failed("sql", error)
                    self._tell_unless(self._gathering.inherit_removals(self._writing))
                self._writing = PendingChanges()
                self._attempted.set()
        finally:
            self._writer = None
            self._attempted.set()

    async def _linger(self) -> None:
        seconds = LINGER_SECONDS if self._failure is None else RETRY_SECONDS
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._hurry.wait()
        self._hurry.clear()

    async def _write(self, changes: PendingChanges) -> None:
        entries = cache_entries.c
        everything = delete(cache_entries).where(entries.resource == self._resource)
        async with self._engine.begin() as connection:
            if changes.is_clearing:
                await connection.execute(everything)
            if removals := changes.removals():
                one = everything.where(entries.record_key == bindparam("removed"))
                await connection.execute(one, [{"removed": key} for key in removals])
            if fills := changes.fills():
                rows = [to_row(self._resource, key, entry, self._policy) for key, entry in fills]
                await connection.execute(self._upsert, rows)
                await self._drop_purged(connection)

    async def _drop_purged(self, connection: AsyncConnection) -> None:
        entries = cache_entries.c
        for invalidation in await self._invalidations.unseen(connection, self._resource):
            purged = delete(cache_entries).where(entries.resource == self._resource)
            if invalidation.key is not None:
                purged = purged.where(entries.record_key == invalidation.key)
            await connection.execute(purged)
