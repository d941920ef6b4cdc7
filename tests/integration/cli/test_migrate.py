"""`plg migrate`."""

import sqlite3
from contextlib import closing
from pathlib import Path

from plg.adapters.sql.database.versions import Line, head
from tests.integration.cli.conftest import CommandLine

DURABLE, CACHE = head(Line.DURABLE), head(Line.CACHE)


def test_databases_are_made(fresh: CommandLine) -> None:
    result = fresh("migrate")

    assert result.stdout == f"durable: made at {DURABLE}\ncache: made at {CACHE}\n"
    assert sorted(path.name for path in (fresh.folder / "data").iterdir()) == [
        "cache.sqlite3",
        "db.sqlite3",
        "secret_key",
    ]


def test_a_second_time_nothing_is_left_to_do(fresh: CommandLine) -> None:
    fresh("migrate")

    told = f"durable: at {DURABLE} already\ncache: at {CACHE} already\n"
    assert fresh("migrate").stdout == told


def test_one_line_leaves_the_other_alone(fresh: CommandLine) -> None:
    assert fresh.json("migrate", "--line", "cache") == {"cache": {"from": None, "to": CACHE}}
    assert not (fresh.folder / "data" / "db.sqlite3").exists()


def test_a_database_of_a_newer_version_is_refused_in_one_sentence(fresh: CommandLine) -> None:
    fresh("migrate")
    path = Path("data", "db.sqlite3")
    with closing(sqlite3.connect(fresh.folder / path)) as connection, connection:
        connection.execute("UPDATE plg_durable_version SET version_num = 'durable_9999'")

    told = (
        f"Error: The database {path} is of a newer version of PLG: it is at durable_9999, and this "
        f"version knows no more than {DURABLE}. Install the version that made it.\n"
    )
    for args in (["migrate"], ["serve"], ["accounts", "list"], ["ledger", "verify"]):
        result = fresh(*args)
        assert (result.exit_code, result.stdout, result.stderr[-len(told) :]) == (1, "", told)


def test_a_damaged_cache_is_begun_anew(fresh: CommandLine) -> None:
    (fresh.folder / "data").mkdir()
    (fresh.folder / "data" / "cache.sqlite3").write_bytes(b"no database" * 1000)

    assert fresh.json("migrate", "--line", "cache") == {"cache": {"from": None, "to": CACHE}}


def test_a_damaged_durable_database_is_told_in_one_sentence(fresh: CommandLine) -> None:
    (fresh.folder / "data").mkdir()
    (fresh.folder / "data" / "db.sqlite3").write_bytes(b"no database" * 1000)
    result = fresh("migrate")

    assert (result.exit_code, result.stderr.count("\n")) == (1, 1)
    assert "data/db.sqlite3 cannot be migrated" in result.stderr
