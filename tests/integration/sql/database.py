"""A cache database in a file, and processes on it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from sqlalchemy import QueuePool, event
from sqlalchemy.ext.asyncio import AsyncEngine

from plg.adapters.sql.cache.cache import SqlCache
from plg.adapters.sql.cache.invalidations import SqlInvalidations
from plg.adapters.sql.cache.open_cache import OpenCache
from plg.adapters.sql.database.dialects import create_cache_engine
from plg.adapters.sql.database.preparation import prepare_cache
from plg.domain.records.freshness import FreshnessPolicy
from plg.domain.records.players import KillerBiId
from tests.fakes.clock import StoppedClock
from tests.fakes.observer import RecordingObserver

POLICY = FreshnessPolicy(ttl=100, stale_while_revalidate=10, stale_if_error=1000)


@dataclass(frozen=True, slots=True)
class Process:
    """What one process has of the cache database, and the statements it sent."""

    engine: AsyncEngine
    store: SqlCache[KillerBiId]
    invalidations: SqlInvalidations
    observer: RecordingObserver
    clock: StoppedClock = field(default_factory=StoppedClock)
    statements: list[str] = field(default_factory=list)

    @property
    def connections_in_use(self) -> int:
        return cast("QueuePool", self.engine.pool).checkedout()

    def sent(self, verb: str) -> list[str]:
        return [statement for statement in self.statements if statement.startswith(verb)]


def url_of(path: Path) -> str:
    return f"sqlite+aiosqlite:///{path}"


def process_on(engine: AsyncEngine, resource: str = "players") -> Process:
    clock, observer = StoppedClock(), RecordingObserver()
    invalidations = SqlInvalidations(engine, clock, OpenCache.of(engine))
    store: SqlCache[KillerBiId] = SqlCache(engine, resource, POLICY, invalidations, observer)
    process = Process(engine, store, invalidations, observer, clock)

    def note(*event: object) -> None:
        process.statements.append(str(event[2]))

    event.listen(engine.sync_engine, "before_cursor_execute", note)
    return process


@asynccontextmanager
async def running(path: Path) -> AsyncIterator[Process]:
    """Open the file as a process does, and close it as one that stops."""
    async with connected(url_of(path)) as process:
        yield process


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[Process]:
    """Do the same with a database anywhere."""
    engine = create_cache_engine(url)
    await prepare_cache(engine)
    process = process_on(engine)
    yield process
    await process.store.aclose()
    await engine.dispose()
