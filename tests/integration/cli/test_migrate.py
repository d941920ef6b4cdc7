"""`plg migrate`."""

from plg.adapters.sql.versions import Line, head
from tests.integration.cli.conftest import CommandLine

DURABLE, CACHE = head(Line.DURABLE), head(Line.CACHE)


def test_databases_are_made(run: CommandLine) -> None:
    result = run("migrate")

    assert result.stdout == f"durable: None -> {DURABLE}\ncache: None -> {CACHE}\n"
    assert sorted(path.name for path in (run.folder / "data").iterdir()) == [
        "cache.sqlite3",
        "db.sqlite3",
        "secret_key",
    ]


def test_a_second_time_nothing_is_left_to_do(run: CommandLine) -> None:
    run("migrate")

    told = f"durable: at {DURABLE} already\ncache: at {CACHE} already\n"
    assert run("migrate").stdout == told


def test_one_line_leaves_the_other_alone(run: CommandLine) -> None:
    assert run.json("migrate", "--line", "cache") == {"cache": {"from": None, "to": CACHE}}
    assert not (run.folder / "data" / "db.sqlite3").exists()


def test_a_damaged_cache_is_begun_anew(run: CommandLine) -> None:
    (run.folder / "data").mkdir()
    (run.folder / "data" / "cache.sqlite3").write_bytes(b"no database" * 1000)

    assert run.json("migrate", "--line", "cache") == {"cache": {"from": None, "to": CACHE}}


def test_a_damaged_durable_database_is_told_in_one_sentence(run: CommandLine) -> None:
    (run.folder / "data").mkdir()
    (run.folder / "data" / "db.sqlite3").write_bytes(b"no database" * 1000)
    result = run("migrate")

    assert (result.exit_code, result.stderr.count("\n")) == (1, 1)
    assert "data/db.sqlite3 cannot be migrated" in result.stderr
