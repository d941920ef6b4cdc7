"""A cache file that cannot be used is set aside; one that can be used is kept."""

import sqlite3
from pathlib import Path

import pytest
import structlog

from plg.adapters.sql.database import cache_file
from plg.adapters.sql.database.cache_file import CHECKED_BYTES_MAX, is_usable
from plg.adapters.sql.database.dialects import create_cache_engine
from plg.adapters.sql.database.preparation import prepare_cache
from plg.domain.errors import StorageUnavailable
from plg.domain.records.players import KillerBiId
from tests.fakes.entries import ANA, BEN, entry_of
from tests.integration.sql.database import running, url_of


def set_aside(path: Path) -> list[Path]:
    return sorted(path.parent.glob(f"{path.name}.set-aside-*"))


def alter(path: Path, *statements: str) -> None:
    connection = sqlite3.connect(path)
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()


async def fill(path: Path, *keys: KillerBiId) -> None:
    async with running(path) as process:
        for key in keys:
            await process.store.put(key, entry_of(key))


async def entries_in(path: Path) -> list[str]:
    async with running(path) as process:
        return [key async for key, _ in process.store.entries()]


async def test_a_restart_keeps_the_entries(path: Path) -> None:
    await fill(path, ANA, BEN)
    async with running(path) as process:
        found = await process.store.get(ANA)

    assert (found, set_aside(path)) == (entry_of(ANA), [])


async def test_a_missing_folder_is_made(tmp_path: Path) -> None:
    path = tmp_path / "not" / "yet" / "cache.sqlite3"
    await fill(path, ANA)

    assert await entries_in(path) == [ANA.value]


async def test_an_empty_file_is_fine(path: Path) -> None:
    path.touch()
    await fill(path, ANA)

    assert (await entries_in(path), set_aside(path)) == ([ANA.value], [])


async def test_a_database_without_tables_is_fine(path: Path) -> None:
    alter(path, "CREATE TABLE t (x)", "DROP TABLE t")
    await fill(path, ANA)

    assert set_aside(path) == []


@pytest.mark.parametrize("content", [b"no database" * 1000, b"SQLite format 3\x00" * 100])
async def test_a_file_that_is_no_database_is_set_aside(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    await fill(path, ANA)

    assert [file.read_bytes() for file in set_aside(path)] == [content]
    assert await entries_in(path) == [ANA.value]


LETTERS = ("CREATE TABLE letters (text)", "INSERT INTO letters VALUES ('dear')")


@pytest.mark.parametrize(
    "statements",
    [
        LETTERS,
        (*LETTERS, "CREATE TABLE plg_cache_version (version_num)"),
        ("CREATE TABLE plg_durable_version (version_num)",),
    ],
)
async def test_a_file_that_holds_other_tables_is_refused_and_left_alone(
    path: Path, statements: tuple[str, ...]
) -> None:
    alter(path, *statements)
    before = path.read_bytes()
    with pytest.raises(StorageUnavailable, match="tables that are not of PLG's cache"):
        await fill(path, ANA)

    assert (path.read_bytes(), set_aside(path)) == (before, [])


async def test_durable_tables_are_refused_also_beside_those_of_a_cache(path: Path) -> None:
    await fill(path, ANA)
    alter(path, "CREATE TABLE plg_durable_version (version_num)")

    with pytest.raises(StorageUnavailable, match="tables that are not of PLG's cache"):
        await fill(path, BEN)


def test_what_was_in_the_log_goes_aside_with_the_file(path: Path) -> None:
    path.touch()
    path.with_name(f"{path.name}-wal").write_bytes(b"its log")
    aside = cache_file.set_aside(path)

    assert aside.with_name(f"{aside.name}-wal").read_bytes() == b"its log"


async def test_a_file_of_an_unknown_version_is_set_aside(path: Path) -> None:
    await fill(path, ANA)
    alter(path, "UPDATE plg_cache_version SET version_num = 'cache_9999'")

    assert (await entries_in(path), len(set_aside(path))) == ([], 1)


async def test_a_file_whose_making_was_interrupted_is_set_aside(path: Path) -> None:
    await fill(path, ANA)
    alter(path, "DELETE FROM plg_cache_version")

    assert (await entries_in(path), len(set_aside(path))) == ([], 1)


async def test_a_file_that_is_damaged_in_the_middle_is_set_aside(path: Path) -> None:
    await fill(path, *(KillerBiId(f"KB-{number:06}") for number in range(1000)))
    content = bytearray(path.read_bytes())
    content[len(content) // 2 : len(content) // 2 + 8192] = b"\xff" * 8192
    path.write_bytes(content)

    assert (await entries_in(path), len(set_aside(path))) == ([], 1)


async def test_a_truncated_file_is_set_aside(path: Path) -> None:
    await fill(path, *(KillerBiId(f"KB-{number:06}") for number in range(1000)))
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])

    assert (await entries_in(path), len(set_aside(path))) == ([], 1)


async def test_a_large_file_is_not_checked_page_by_page(path: Path) -> None:
    await fill(path, ANA)
    alter(
        path,
        "CREATE TABLE cache_filler (x)",
        f"INSERT INTO cache_filler VALUES (zeroblob({CHECKED_BYTES_MAX}))",
    )

    assert (await entries_in(path), set_aside(path)) == ([ANA.value], [])


async def test_a_damaged_log_beside_the_file_costs_at_most_what_was_in_it(path: Path) -> None:
    await fill(path, ANA)
    path.with_name(path.name + "-wal").write_bytes(b"no log" * 1000)

    assert (await entries_in(path), set_aside(path)) == ([ANA.value], [])


async def test_a_file_that_another_process_holds_is_kept(path: Path) -> None:
    await fill(path, ANA)
    alter(path, "PRAGMA journal_mode = DELETE")
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("BEGIN EXCLUSIVE")
    usable = is_usable(path, {"cache_0001"})
    connection.close()

    assert usable


async def test_setting_aside_is_logged(path: Path) -> None:
    path.write_bytes(b"no database" * 1000)
    with structlog.testing.capture_logs() as logs:
        await fill(path, ANA)

    assert [(line["log_level"], line["file"]) for line in logs] == [("warning", str(path))]


async def test_a_file_that_cannot_be_used_stays_where_it_may_not_be_set_aside(path: Path) -> None:
    path.write_bytes(b"no database" * 1000)
    engine = create_cache_engine(url_of(path))
    with pytest.raises(StorageUnavailable, match="plg migrate"):
        await prepare_cache(engine, sets_aside=False)

    assert (path.read_bytes(), set_aside(path)) == (b"no database" * 1000, [])


async def test_a_file_that_cannot_be_set_aside_is_said(tmp_path: Path) -> None:
    path = tmp_path / ("x" * 250)
    path.write_bytes(b"no database" * 1000)
    engine = create_cache_engine(url_of(path))

    with pytest.raises(StorageUnavailable, match="set aside"):
        await prepare_cache(engine)
