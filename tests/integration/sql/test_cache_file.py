"""A cache file that cannot be used is set aside; one that can be used is kept."""

import sqlite3
from pathlib import Path

import pytest
import structlog

from plg.adapters.sql.cache_file import CHECKED_BYTES_MAX, set_aside_unusable
from plg.adapters.sql.dialects import create_cache_engine
from plg.adapters.sql.preparation import prepare_cache
from plg.domain.errors import StorageUnavailable
from plg.domain.players import KillerBiId
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


async def test_a_file_of_somebody_else_is_set_aside_whole(path: Path) -> None:
    alter(path, "CREATE TABLE letters (text)", "INSERT INTO letters VALUES ('dear')")
    await fill(path, ANA)
    (aside,) = set_aside(path)
    connection = sqlite3.connect(aside)
    letters = connection.execute("SELECT text FROM letters").fetchall()
    connection.close()

    assert letters == [("dear",)]


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
        "CREATE TABLE filler (x)",
        f"INSERT INTO filler VALUES (zeroblob({CHECKED_BYTES_MAX}))",
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
    aside = set_aside_unusable(path, {"cache_0001"})
    connection.close()

    assert (aside, path.exists()) == (None, True)


async def test_setting_aside_is_logged(path: Path) -> None:
    path.write_bytes(b"no database" * 1000)
    with structlog.testing.capture_logs() as logs:
        await fill(path, ANA)

    assert [(line["log_level"], line["file"]) for line in logs] == [("warning", str(path))]


async def test_a_file_that_cannot_be_set_aside_is_said(tmp_path: Path) -> None:
    path = tmp_path / ("x" * 250)
    path.write_bytes(b"no database" * 1000)
    engine = create_cache_engine(url_of(path))

    with pytest.raises(StorageUnavailable, match="set aside"):
        await prepare_cache(engine)
