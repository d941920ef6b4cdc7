"""Every adapter of each port."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from plg.adapters.memory.cache import MemoryCache
from plg.adapters.sql.database.versions import Line
from plg.application.ports.records.cache import CachePort
from plg.application.ports.work import UnitOfWorkPort
from plg.domain.records.players import KillerBiId
from tests.fakes.cache import MemoryPlayerCache
from tests.fakes.work import MemoryWork
from tests.integration.contracts.adapters import DurableCache
from tests.integration.contracts.books import Booked
from tests.integration.contracts.ledgers import Ledgers, ledgers_in, ledgers_in_memory, ledgers_on
from tests.integration.contracts.works import copied, migrated, sql_work, with_people
from tests.integration.servers import SERVERS, emptied
from tests.integration.sql.database import POLICY, connected, running, url_of

MIB = 1024 * 1024


@asynccontextmanager
async def _durable(name: str, folder: Path) -> AsyncIterator[DurableCache]:
    if name == "twin":
        yield MemoryPlayerCache(POLICY)
        return
    if name in SERVERS:
        async with emptied(SERVERS[name], Line.CACHE) as url, connected(url) as process:
            yield process.store
        return
    async with running(folder / "cache.sqlite3") as process:
        yield process.store


@pytest.fixture(params=["sqlite", *SERVERS, "twin"])
async def durable(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[DurableCache]:
    """Every durable tier."""
    async with _durable(request.param, tmp_path) as cache:
        yield cache


@pytest.fixture(params=["memory", "sqlite", *SERVERS, "twin"])
async def cache(
    request: pytest.FixtureRequest, tmp_path: Path
) -> AsyncIterator[CachePort[KillerBiId]]:
    """Every tier."""
    if request.param == "memory":
        yield MemoryCache(MIB)
        return
    async with _durable(request.param, tmp_path) as cache:
        yield cache


@pytest.fixture(scope="session")
def durable_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with the durable tables, to be copied."""
    return migrated(tmp_path_factory.mktemp("durable") / "template.sqlite3")


@dataclass(frozen=True, slots=True)
class Stored:
    """An empty durable database, as two processes see it, and where it is."""

    ours: UnitOfWorkPort
    theirs: UnitOfWorkPort
    place: Path | str | None


@pytest.fixture(params=["sqlite", *SERVERS, "twin"])
async def stored(
    request: pytest.FixtureRequest, tmp_path: Path, durable_template: Path
) -> AsyncIterator[Stored]:
    """Every durable database."""
    if request.param == "twin":
        twin = MemoryWork()
        yield Stored(twin, twin, None)
        return
    if request.param in SERVERS:
        async with (
            emptied(SERVERS[request.param]) as url,
            sql_work(url) as ours,
            sql_work(url) as theirs,
        ):
            yield Stored(ours, theirs, url)
        return
    path = copied(durable_template, tmp_path)
    async with sql_work(url_of(path)) as ours, sql_work(url_of(path)) as theirs:
        yield Stored(ours, theirs, path)


@pytest.fixture
def empty_works(stored: Stored) -> tuple[UnitOfWorkPort, UnitOfWorkPort]:
    """An empty durable database, as two processes see it."""
    return stored.ours, stored.theirs


@pytest.fixture
async def works(
    empty_works: tuple[UnitOfWorkPort, UnitOfWorkPort],
) -> tuple[UnitOfWorkPort, UnitOfWorkPort]:
    """A durable database with two accounts, as two processes see it."""
    await with_people(empty_works[0])
    return empty_works


@pytest.fixture
def work(works: tuple[UnitOfWorkPort, UnitOfWorkPort]) -> UnitOfWorkPort:
    """A durable database with two accounts."""
    return works[0]


@pytest.fixture
def booked(work: UnitOfWorkPort, stored: Stored) -> Booked:
    """A durable database with two accounts, and a ledger."""
    return Booked(work, stored.place)


@pytest.fixture(params=["sqlite", *SERVERS, "twin"])
async def ledgers(
    request: pytest.FixtureRequest, tmp_path: Path, durable_template: Path
) -> AsyncIterator[Ledgers]:
    """A ledger, as two processes have it."""
    if request.param in SERVERS:
        async with emptied(SERVERS[request.param]) as url, ledgers_on(url, tmp_path) as ledgers:
            yield ledgers
        return
    is_twin = request.param == "twin"
    path = tmp_path if is_twin else copied(durable_template, tmp_path)
    async with ledgers_in_memory() if is_twin else ledgers_in(path) as ledgers:
        yield ledgers
