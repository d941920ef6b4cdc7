"""A cache file that is deleted or replaced under a running process is opened anew."""

import sqlite3
from contextlib import AsyncExitStack, closing
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from plg.adapters.sql.cache.open_cache import OpenCacheFile
from plg.adapters.sql.database.file_identity import FileIdentity
from plg.application.ports.records.invalidation import EVERYTHING, Invalidation
from plg.domain.errors import StorageUnavailable
from tests.fakes.entries import ANA, entry_of
from tests.integration.sql.database import Process, running


def opened(process: Process) -> OpenCacheFile:
    cache = OpenCacheFile(process.engine)
    assert cache.is_current
    return cache


def delete(path: Path) -> None:
    for file in path.parent.glob(f"{path.name}*"):
        file.unlink()


def make_others(path: Path) -> None:
    delete(path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE letters (text)")


async def test_a_file_that_stays_is_not_opened_anew(process: Process) -> None:
    cache = OpenCacheFile(process.engine)

    assert (await cache.follow(), cache.is_current) == (False, True)


async def test_a_file_that_is_gone_is_made_anew_and_used(process: Process, path: Path) -> None:
    await process.store.put(ANA, entry_of(ANA))
    await process.store.flush()
    cache = opened(process)
    delete(path)

    assert not cache.is_current
    with capture_logs() as logs:
        assert await cache.follow()
    assert [line["log_level"] for line in logs] == ["warning"]
    assert (await cache.follow(), cache.is_current) == (False, True)
    assert await process.store.get(ANA) is None
    await process.store.put(ANA, entry_of(ANA))
    await process.store.flush()
    async with running(path) as other:
        assert await other.store.get(ANA) == entry_of(ANA)


async def test_a_connection_that_was_in_use_is_closed_too(process: Process, path: Path) -> None:
    cache = opened(process)
    async with process.engine.connect() as connection:
        driver = (await connection.get_raw_connection()).driver_connection
        assert driver is not None
        delete(path)
        await cache.follow()
    async with AsyncExitStack() as stack:
        for _ in range(4):  # as many as there may be: one of them has its place
            await stack.enter_async_context(process.engine.connect())

        with pytest.raises(ValueError, match="no active connection"):
            await driver.execute("SELECT 1")


async def test_another_file_in_its_place_is_read(process: Process, path: Path) -> None:
    cache = opened(process)
    async with running(path.with_name("other.sqlite3")) as other:
        await other.store.put(ANA, entry_of(ANA))
    delete(path)
    path.with_name("other.sqlite3").rename(path)

    assert await cache.follow()
    assert await process.store.get(ANA) == entry_of(ANA)


async def test_what_is_purged_in_a_new_file_is_obeyed_from_its_first_row_on(
    process: Process, path: Path
) -> None:
    await process.invalidations.poll()
    for _ in range(3):
        await process.invalidations.publish(Invalidation("players", "KB-1"))
    await process.invalidations.poll()
    delete(path)
    async with running(path) as other:
        await other.invalidations.publish(Invalidation("players", "KB-2"))

        assert await process.invalidations.poll() == [EVERYTHING]
        assert await process.invalidations.poll() == [Invalidation("players", "KB-2")]


async def test_a_file_of_others_is_told_once_and_left_alone_until_it_is_gone(
    process: Process, path: Path
) -> None:
    cache = opened(process)
    make_others(path)
    before = path.read_bytes()

    assert (await cache.follow(), cache.is_current) == (True, False)
    with pytest.raises(StorageUnavailable, match="tables that are not"):
        await cache.follow()
    assert path.read_bytes() == before
    delete(path)
    assert (await cache.follow(), cache.is_current) == (True, True)


def test_a_file_under_another_name_is_the_same(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.touch()
    (tmp_path / "link").symlink_to(path)
    identity = FileIdentity(tmp_path / "link")
    assert identity.holds()
    path.write_text("more")
    assert identity.holds()
    path.rename(tmp_path / "moved")
    assert not identity.holds()
    (tmp_path / "moved").rename(path)
    assert identity.holds()
