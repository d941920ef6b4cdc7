"""`plg migrate`."""

from tests.integration.cli.conftest import CommandLine


def test_databases_are_made(run: CommandLine) -> None:
    result = run("migrate")

    assert result.stdout == "durable: None -> durable_0002\ncache: None -> cache_0001\n"
    assert sorted(path.name for path in (run.folder / "data").iterdir()) == [
        "cache.sqlite3",
        "db.sqlite3",
    ]


def test_a_second_time_nothing_is_left_to_do(run: CommandLine) -> None:
    run("migrate")

    assert (
        run("migrate").stdout == "durable: at durable_0002 already\ncache: at cache_0001 already\n"
    )


def test_one_line_leaves_the_other_alone(run: CommandLine) -> None:
    assert run.json("migrate", "--line", "cache") == {"cache": {"from": None, "to": "cache_0001"}}
    assert not (run.folder / "data" / "db.sqlite3").exists()


def test_a_damaged_cache_is_begun_anew(run: CommandLine) -> None:
    (run.folder / "data").mkdir()
    (run.folder / "data" / "cache.sqlite3").write_bytes(b"no database" * 1000)

    assert run.json("migrate", "--line", "cache") == {"cache": {"from": None, "to": "cache_0001"}}


def test_a_damaged_durable_database_is_told_in_one_sentence(run: CommandLine) -> None:
    (run.folder / "data").mkdir()
    (run.folder / "data" / "db.sqlite3").write_bytes(b"no database" * 1000)
    result = run("migrate")

    assert (result.exit_code, result.stderr.count("\n")) == (1, 1)
    assert "data/db.sqlite3 cannot be migrated" in result.stderr
