"""`plg backup` and `plg restore`."""

import asyncio
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from plg.adapters.sql.database.dialects import create_durable_engine
from plg.adapters.sql.database.migrations import downgrade
from plg.adapters.sql.database.versions import Line
from plg.container import Container, close, prepare
from plg.settings import Settings
from tests.fakes.usage import asked, charge
from tests.integration.cli.conftest import CommandLine

TEN = "1 account, 10 records, 0 statements: all fits."


async def _charge(count: int) -> None:
    container = Container(settings=Settings.from_env({}))
    try:
        await prepare(container)
        ledger = container.ledger()
        ledger.start()
        for number in range(count):
            ledger.submit(charge(asked(number)), lambda _: None)
        await ledger.close()
    finally:
        await close(container)


@pytest.fixture
def cli(run: CommandLine) -> CommandLine:
    """Return a command line with a ledger of ten records."""
    asyncio.run(_charge(10))
    return run


@pytest.fixture
def database(cli: CommandLine) -> Path:
    return cli.folder / "data" / "db.sqlite3"


@pytest.fixture
def writer(database: Path) -> Iterator[sqlite3.Connection]:
    """Return a connection in the middle of a transaction, as a gateway's is."""
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("DELETE FROM ledger_days")
        yield connection


def alter(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)


def accounts(path: Path) -> list[tuple[str, int]]:
    with closing(sqlite3.connect(path)) as connection:
        query = "SELECT account_id, last_sequence FROM ledger_accounts"
        return connection.execute(query).fetchall()


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_backup_is_verified_and_says_what_is_not_in_it(cli: CommandLine) -> None:
    result = cli("backup", "copy.sqlite3")

    assert result.exit_code == 0, result.output
    assert (result.stdout.startswith("copy.sqlite3: "), TEN in result.stdout) == (True, True)
    assert "data/secret_key" in result.stderr


def test_a_backup_where_the_secret_is_set_names_the_setting(cli: CommandLine) -> None:
    secret = (cli.folder / "data" / "secret_key").read_text().strip()
    cli.env["SECRET_KEY"] = secret

    assert "SECRET_KEY as well" in cli("backup", "copy.sqlite3").stderr


@pytest.mark.usefixtures("writer")
def test_a_backup_beside_a_writer_is_as_before_its_transaction(cli: CommandLine) -> None:
    result = cli("backup", "copy.sqlite3")

    assert TEN in result.stdout
    assert accounts(cli.folder / "copy.sqlite3") == accounts(cli.folder / "data" / "db.sqlite3")


def test_a_backup_is_one_file_of_its_owner_only(cli: CommandLine) -> None:
    before = os.umask(0)
    cli("backup", "copy.sqlite3")
    os.umask(before)

    assert names(cli.folder) == ["copy.sqlite3", "data"]
    assert (cli.folder / "copy.sqlite3").stat().st_mode & 0o777 == 0o600


def test_a_backup_replaces_nothing_unless_forced(cli: CommandLine) -> None:
    (cli.folder / "copy.sqlite3").write_text("mine")
    refused = cli("backup", "copy.sqlite3")

    assert (refused.exit_code, "--force" in refused.stderr) == (2, True)
    assert (cli.folder / "copy.sqlite3").read_text() == "mine"
    assert cli("backup", "copy.sqlite3", "--force").exit_code == 0
    assert accounts(cli.folder / "copy.sqlite3")


@pytest.mark.parametrize("name", ["data/db.sqlite3", "data/cache.sqlite3", "link", "data", "fifo"])
def test_a_backup_never_replaces_what_is_in_use_or_no_file(cli: CommandLine, name: str) -> None:
    cli("migrate")
    (cli.folder / "link").symlink_to("data/db.sqlite3")
    os.mkfifo(cli.folder / "fifo")
    before = names(cli.folder), names(cli.folder / "data")

    assert cli("backup", name, "--force").exit_code == 2
    assert (names(cli.folder), names(cli.folder / "data")) == before


def test_a_backup_by_a_link_goes_where_it_leads(cli: CommandLine) -> None:
    (cli.folder / "link").symlink_to("copy.sqlite3")
    cli("backup", "link")

    assert (cli.folder / "link").is_symlink()
    assert accounts(cli.folder / "copy.sqlite3")


def test_a_backup_that_does_not_verify_is_not_kept(cli: CommandLine, database: Path) -> None:
    alter(database, "UPDATE ledger_days SET requests = 3")
    result = cli("backup", "copy.sqlite3")

    assert (result.exit_code, "--no-verify" in result.stderr) == (1, True)
    assert names(cli.folder) == ["data"]
    assert cli("backup", "copy.sqlite3", "--no-verify").exit_code == 0


def test_a_damaged_database_does_not_become_a_backup(cli: CommandLine, database: Path) -> None:
    alter(database, "PRAGMA wal_checkpoint(TRUNCATE)")
    content = bytearray(database.read_bytes())
    content[8192:-4096] = b"\xff" * (len(content) - 8192 - 4096)
    database.write_bytes(content)
    result = cli("backup", "copy.sqlite3")

    assert (result.exit_code, result.stderr.count("\n")) == (1, 1)
    assert names(cli.folder) == ["data"]


def test_without_a_database_there_is_nothing_to_back_up(fresh: CommandLine) -> None:
    result = fresh("backup", "copy.sqlite3")

    assert (result.exit_code, "no database" in result.stderr) == (1, True)
    assert not (fresh.folder / "copy.sqlite3").exists()


def test_a_backup_into_a_folder_that_is_not_there_is_one_sentence(cli: CommandLine) -> None:
    result = cli("backup", "nowhere/copy.sqlite3")

    assert (result.exit_code, result.stderr.count("\n")) == (1, 1)


def test_a_restore_brings_the_backup_back_and_keeps_what_was_there(
    cli: CommandLine, database: Path
) -> None:
    cli("backup", "copy.sqlite3")
    alter(database, "DELETE FROM ledger_accounts")
    result = cli("restore", "copy.sqlite3")

    assert (result.exit_code, TEN in result.stdout) == (0, True)
    assert TEN in cli("ledger", "verify").stdout
    (kept,) = database.parent.glob("db.sqlite3.replaced-*")
    assert str(kept) in result.stdout
    assert (accounts(kept), database.stat().st_mode & 0o777) == ([], 0o600)


def test_what_was_only_in_the_log_is_kept_too(cli: CommandLine, database: Path) -> None:
    cli("backup", "copy.sqlite3")
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE late (x)")
        log = database.with_name("db.sqlite3-wal").read_bytes()
    alter(database, "PRAGMA journal_mode = WAL")
    database.with_name("db.sqlite3-wal").write_bytes(log)  # as a killed process leaves it
    cli("restore", "copy.sqlite3")
    (kept,) = database.parent.glob("db.sqlite3.replaced-*")

    assert not list(database.parent.glob("db.sqlite3-*"))
    alter(kept, "INSERT INTO late VALUES (1)")


def test_a_restore_works_where_there_is_nothing_yet(cli: CommandLine) -> None:
    cli("backup", "copy.sqlite3")
    cli.env |= {"DATA_DIR": "new"}
    (cli.folder / "new").mkdir()
    (cli.folder / "data" / "secret_key").rename(cli.folder / "new" / "secret_key")

    assert TEN in cli("restore", "copy.sqlite3").stdout


def test_a_restore_refuses_a_gateway_that_runs(cli: CommandLine) -> None:
    cli("backup", "copy.sqlite3")
    container = Container(settings=Settings.from_env({}))
    with container.gateways().serving():
        result = cli("restore", "copy.sqlite3")

    assert (result.exit_code, "gateway" in result.stderr) == (1, True)


@pytest.mark.usefixtures("writer")
def test_a_restore_refuses_whatever_has_the_database_open(cli: CommandLine, database: Path) -> None:
    cli("backup", "copy.sqlite3")
    result = cli("restore", "copy.sqlite3")

    assert (result.exit_code, "has" in result.stderr) == (1, True)
    assert list(database.parent.glob("*.replaced-*")) == []


def test_a_restore_refuses_a_newer_schema(cli: CommandLine) -> None:
    cli("backup", "copy.sqlite3")
    alter(cli.folder / "copy.sqlite3", "UPDATE plg_durable_version SET version_num = 'durable_99'")
    result = cli("restore", "copy.sqlite3")

    assert (result.exit_code, "newer version" in result.stderr) == (1, True)
    assert TEN in cli("ledger", "verify").stdout


def test_an_older_schema_is_copied_as_it_is_and_migrated_by_a_restore(
    cli: CommandLine, database: Path
) -> None:
    asyncio.run(_step_back(database))
    made = cli("backup", "copy.sqlite3")
    put = cli("restore", "copy.sqlite3")

    assert "not verified" in made.stdout
    assert TEN in put.stdout


async def _step_back(path: Path) -> None:
    engine = create_durable_engine(f"sqlite+aiosqlite:///{path}")
    await downgrade(engine, Line.DURABLE, "-1")
    await engine.dispose()


@pytest.mark.parametrize("content", [b"", b"no database" * 1000])
def test_a_restore_refuses_what_is_no_backup(cli: CommandLine, content: bytes) -> None:
    (cli.folder / "copy.sqlite3").write_bytes(content)
    result = cli("restore", "copy.sqlite3")

    assert (result.exit_code, result.stderr.count("\n")) == (1, 1)
    assert TEN in cli("ledger", "verify").stdout


def test_a_restore_refuses_the_database_itself(cli: CommandLine) -> None:
    assert cli("restore", "data/db.sqlite3").exit_code == 2


def test_a_restore_under_another_secret_is_refused(cli: CommandLine) -> None:
    cli("backup", "copy.sqlite3")
    cli.env["SECRET_KEY"] = "another" * 8
    result = cli("restore", "copy.sqlite3")

    assert (result.exit_code, "secret" in result.stderr) == (1, True)
    assert cli("restore", "copy.sqlite3", "--no-verify").exit_code == 0


def test_a_damaged_database_is_kept_as_it_is(cli: CommandLine, database: Path) -> None:
    cli("backup", "copy.sqlite3")
    database.write_bytes(b"no database" * 1000)
    assert cli("restore", "copy.sqlite3").exit_code == 0
    (kept,) = database.parent.glob("db.sqlite3.replaced-*")

    assert kept.read_bytes() == b"no database" * 1000
    assert TEN in cli("ledger", "verify").stdout


def test_both_can_be_read_by_programs(cli: CommandLine) -> None:
    made = cli.json("backup", "copy.sqlite3")
    put = cli.json("restore", "copy.sqlite3")

    assert (made["file"], made["ledger"]["good"], put["ledger"]["records"]) == (
        "copy.sqlite3",
        True,
        10,
    )
