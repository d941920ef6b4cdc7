"""The durable database and the cache are two files, and neither is ever taken for the other."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.integration.cli.conftest import CommandLine

SQLITE = "sqlite+aiosqlite:///"
READING = [
    ("cache", "stats"),
    ("cache", "show", "KB-000001"),
    ("cache", "export"),
    ("get", "player", "KB-000001"),
    ("keys", "list"),
    ("accounts", "list"),
    ("ledger", "verify"),
    ("doctor",),
]


def content(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        return list(connection.iterdump())


def linked(path: Path) -> Path:
    link = path.with_name("link.sqlite3")
    link.symlink_to(path.name)
    return link


def hard_linked(path: Path) -> Path:
    link = path.with_name("hard.sqlite3")
    link.hardlink_to(path)
    return link


SPELLINGS: dict[str, Callable[[Path], str]] = {
    "absolute": lambda path: str(path.absolute()),
    "dot": lambda path: f"./{path}",
    "detour": lambda path: f"data/../{path}",
    "query": lambda path: f"{path}?timeout=5",
    "link": lambda path: str(linked(path)),
    "hard link": lambda path: str(hard_linked(path)),
}


@pytest.fixture
def made(run: CommandLine) -> Path:
    assert run("migrate").exit_code == 0
    return Path("data/db.sqlite3")


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_two_settings_that_lead_to_one_file_are_refused(
    run: CommandLine, made: Path, spelling: str
) -> None:
    run.env["CACHE_DATABASE_URL"] = SQLITE + SPELLINGS[spelling](made)
    before = content(made)
    result = run("cache", "stats")

    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
    assert "CACHE_DATABASE_URL" in result.stderr
    assert content(made) == before


def test_two_settings_that_lead_to_one_new_file_are_refused(fresh: CommandLine) -> None:
    fresh.env["DATABASE_URL"] = f"{SQLITE}new/../one.sqlite3"
    fresh.env["CACHE_DATABASE_URL"] = f"{SQLITE}./one.sqlite3"

    assert fresh("serve").exit_code == 2
    assert list(fresh.folder.iterdir()) == []


@pytest.mark.parametrize("command", [("migrate",), *READING])
def test_a_cache_that_leads_to_a_durable_database_leaves_it_alone(
    run: CommandLine, made: Path, command: tuple[str, ...]
) -> None:
    before = content(made)
    run.env |= {"DATA_DIR": "other", "CACHE_DATABASE_URL": f"{SQLITE}{made}"}
    run(*command)

    assert content(made) == before


def test_a_durable_database_is_never_taken_for_a_cache(run: CommandLine, made: Path) -> None:
    run.env |= {"DATA_DIR": "other", "CACHE_DATABASE_URL": f"{SQLITE}{made}"}
    result = run("migrate")

    assert (result.exit_code, result.stderr.count("\n")) == (1, 1)
    assert "CACHE_DATABASE_URL" in result.stderr


def test_doctor_finds_a_cache_that_leads_to_a_durable_database(
    run: CommandLine, made: Path
) -> None:
    run.env |= {"DATA_DIR": "other", "CACHE_DATABASE_URL": f"{SQLITE}{made}"}
    result = run("doctor")

    assert result.exit_code == 1
    assert "-> set CACHE_DATABASE_URL to a file of its own" in result.stdout


@pytest.mark.parametrize("command", READING)
def test_commands_that_read_rename_nothing(run: CommandLine, command: tuple[str, ...]) -> None:
    run("migrate")
    cache = run.folder / "data" / "cache.sqlite3"
    cache.write_bytes(b"no database" * 1000)
    run(*command)

    assert cache.read_bytes() == b"no database" * 1000


def test_a_reading_command_says_what_begins_a_damaged_cache_anew(run: CommandLine) -> None:
    run("migrate")
    (run.folder / "data" / "cache.sqlite3").write_bytes(b"no database" * 1000)
    result = run("cache", "stats")

    assert (result.exit_code, "plg migrate" in result.stderr) == (1, True)


def test_commands_that_need_no_cache_go_on_without_it(run: CommandLine) -> None:
    run("migrate")
    (run.folder / "data" / "cache.sqlite3").write_bytes(b"no database" * 1000)

    assert run("accounts", "list").exit_code == 0
