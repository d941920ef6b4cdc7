"""A database that is locked or gone is unavailable, within a bound, and nothing worse."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Never

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from plg.adapters.sql.database.dialects import create_durable_engine
from plg.adapters.sql.database.preparation import check_writable, prepare_cache, prepare_durable
from plg.adapters.sql.database.versions import Line, current, head
from plg.adapters.sql.health import SqlStorage
from plg.application.ports.records.invalidation import Invalidation
from plg.domain.errors import StorageUnavailable
from tests.fakes.clock import NOON
from tests.fakes.entries import ANA, entry_of
from tests.integration.sql.database import Process, process_on, url_of


@pytest.fixture
async def impatient(path: Path) -> AsyncIterator[Process]:
    """A process that waits 10 ms for a lock, on a file where readers wait for writers."""
    engine = create_async_engine(url_of(path), connect_args={"timeout": 0.01})
    await prepare_cache(engine)
    process = process_on(engine)
    await process.invalidations.poll()
    yield process
    await process.store.aclose()
    await engine.dispose()


@pytest.fixture
def locked(path: Path, impatient: Process) -> Iterator[sqlite3.Connection]:
    """Another process holds the file for itself."""
    assert impatient.store.waiting_writes == 0
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("BEGIN EXCLUSIVE")
    yield connection
    connection.close()


async def list_entries(process: Process) -> None:
    _ = [item async for item in process.store.entries()]


async def fill_and_flush(process: Process) -> None:
    await process.store.put(ANA, entry_of(ANA))
    await process.store.flush()


ACTIONS: dict[str, Callable[[Process], Awaitable[object]]] = {
    "get": lambda process: process.store.get(ANA),
    "stats": lambda process: process.store.stats(),
    "entries": list_entries,
    "flush": fill_and_flush,
    "remove_expired": lambda process: process.store.remove_expired(NOON, limit=1),
    "publish": lambda process: process.invalidations.publish(Invalidation("players", None)),
    "poll": lambda process: process.invalidations.poll(),
    "ping": lambda process: SqlStorage(process.engine, "plg_cache_version").ping(),
}
every_action = pytest.mark.parametrize("action", ACTIONS)


@every_action
@pytest.mark.usefixtures("locked")
async def test_a_locked_database_is_unavailable_in_time(impatient: Process, action: str) -> None:
    async with asyncio.timeout(5):
        with pytest.raises(StorageUnavailable):
            await ACTIONS[action](impatient)


@every_action
async def test_when_the_lock_is_gone_it_works(
    impatient: Process, locked: sqlite3.Connection, action: str
) -> None:
    with pytest.raises(StorageUnavailable):
        await ACTIONS[action](impatient)
    locked.execute("ROLLBACK")

    await ACTIONS[action](impatient)


async def refuse_connection() -> Never:
    raise OSError("too many open files")


@every_action
@pytest.mark.usefixtures("process")
async def test_a_failure_of_the_system_is_unavailable_too(path: Path, action: str) -> None:
    engine = create_async_engine(url_of(path), async_creator=refuse_connection)
    process = process_on(engine)

    with pytest.raises(StorageUnavailable):
        await ACTIONS[action](process)

    await process.store.aclose()
    await engine.dispose()


async def test_a_put_does_not_mind_a_lock(impatient: Process, locked: sqlite3.Connection) -> None:
    await impatient.store.put(ANA, entry_of(ANA))
    locked.execute("ROLLBACK")
    await impatient.store.flush()

    assert (await impatient.store.stats()).entries == 1


async def test_readers_do_not_wait_for_another_process_that_writes(
    process: Process, path: Path
) -> None:
    await fill_and_flush(process)
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("BEGIN EXCLUSIVE")
    found = await process.store.get(ANA)
    connection.close()

    assert found == entry_of(ANA)


async def test_a_database_that_answers_is_there(process: Process) -> None:
    await SqlStorage(process.engine, "plg_cache_version").ping()


async def test_a_database_without_its_migrations_is_not(path: Path) -> None:
    engine = create_durable_engine(url_of(path))
    with pytest.raises(StorageUnavailable, match="cannot be read"):
        await SqlStorage(engine, "plg_durable_version").ping()
    await engine.dispose()


async def test_a_database_without_a_version_says_what_to_do(process: Process, path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("DELETE FROM plg_cache_version")
    connection.commit()
    connection.close()

    with pytest.raises(StorageUnavailable, match="plg migrate"):
        await SqlStorage(process.engine, "plg_cache_version").ping()


async def test_a_database_that_hangs_is_unavailable_in_time(process: Process) -> None:
    connections = [await process.engine.connect() for _ in range(4)]
    with pytest.raises(StorageUnavailable, match="in time"):
        await SqlStorage(process.engine, "plg_cache_version", patience=0.01).ping()
    for connection in connections:
        await connection.close()


@pytest.mark.parametrize("prepare", [prepare_cache, prepare_durable])
async def test_a_folder_that_cannot_be_made_is_said(
    tmp_path: Path, prepare: Callable[[AsyncEngine], Awaitable[None]]
) -> None:
    (tmp_path / "file").write_text("no folder")
    engine = create_durable_engine(url_of(tmp_path / "file" / "db.sqlite3"))

    with pytest.raises(StorageUnavailable, match="cannot be made"):
        await prepare(engine)


async def test_a_durable_database_that_is_damaged_is_said_and_left_alone(path: Path) -> None:
    path.write_bytes(b"no database" * 100)
    engine = create_durable_engine(url_of(path))
    with pytest.raises(StorageUnavailable, match="cannot be migrated"):
        await prepare_durable(engine)
    await engine.dispose()

    assert path.read_bytes() == b"no database" * 100


async def test_a_durable_database_that_can_be_written_is_let_pass_unchanged(path: Path) -> None:
    engine = create_durable_engine(url_of(path))
    await prepare_durable(engine)
    await check_writable(engine)
    assert await current(engine, Line.DURABLE) == head(Line.DURABLE)
    await engine.dispose()


async def test_a_durable_database_that_is_read_only_is_said(path: Path) -> None:
    engine = create_durable_engine(url_of(path))
    await prepare_durable(engine)
    read_only = create_durable_engine(f"sqlite+aiosqlite:///file:{path}?mode=ro&uri=true")
    with pytest.raises(StorageUnavailable, match="cannot be written: attempt to write a readonly"):
        await check_writable(read_only)
    await read_only.dispose()
    await engine.dispose()


async def test_a_durable_database_of_a_newer_version_is_said(path: Path) -> None:
    engine = create_durable_engine(url_of(path))
    await prepare_durable(engine)
    connection = sqlite3.connect(path)
    connection.execute("UPDATE plg_durable_version SET version_num = 'durable_9999'")
    connection.commit()
    connection.close()

    with pytest.raises(StorageUnavailable, match="newer version of PLG: it is at durable_9999"):
        await prepare_durable(engine)
    await engine.dispose()


@pytest.mark.parametrize("table", ["letters", "cache_entries", "plg_cache_version"])
async def test_a_file_of_others_does_not_become_the_durable_database(
    path: Path, table: str
) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"CREATE TABLE {table} (text)")
    before = path.read_bytes()
    engine = create_durable_engine(url_of(path))
    with pytest.raises(StorageUnavailable, match="DATABASE_URL"):
        await prepare_durable(engine)
    await engine.dispose()

    assert path.read_bytes() == before


@pytest.mark.parametrize("prepare", [prepare_cache, prepare_durable])
async def test_a_new_database_can_be_read_by_its_owner_only(
    path: Path, prepare: Callable[[AsyncEngine], Awaitable[None]]
) -> None:
    engine = create_durable_engine(url_of(path))
    await prepare(engine)

    assert {file.stat().st_mode & 0o777 for file in path.parent.glob(f"{path.name}*")} == {0o600}
    await engine.dispose()
