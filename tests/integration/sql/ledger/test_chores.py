"""What the writer does beside writing."""

import asyncio
import resource
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from plg.adapters.sql.ledger.group_commit import chores
from plg.adapters.sql.ledger.group_commit.books import Books
from plg.adapters.sql.ledger.group_commit.checkpoints import Checkpoints
from plg.adapters.sql.ledger.group_commit.file import LedgerFile
from plg.adapters.sql.ledger.group_commit.given_up import GivenUp
from plg.adapters.sql.ledger.group_commit.session import Bulk
from plg.adapters.sql.ledger.group_commit.sqlite import SqliteSession
from plg.domain.ledger.chain import LedgerChain
from plg.domain.ledger.usage import day_of
from plg.domain.limits.rates import DAY_SECONDS
from tests.fakes.clock import NOON
from tests.fakes.usage import ANA, asked, charge, tariff_of
from tests.integration.sql.ledger.files import (
    KEYRING,
    counted,
    opened,
    promised,
    rows,
    told,
    unheard,
)

TABLES = "usage_records", "ledger_day_vins", "idempotency"


@pytest.fixture
def connection(path: Path) -> Iterator[sqlite3.Connection]:
    with closing(LedgerFile(path).connect()) as connection:
        yield connection


async def test_a_process_says_that_it_lives(path: Path) -> None:
    async with opened(path) as ledger:
        await told(ledger, charge(asked(1)))

        assert rows(path, "SELECT started_at, seen_at FROM incarnations") == [(NOON, NOON)]


def test_what_a_killed_process_reserved_is_given_back_within_ten_seconds(
    path: Path, connection: sqlite3.Connection
) -> None:
    chores.beat(SqliteSession(connection), "01DIED", NOON, NOON)
    reserve_by(connection, "01DIED")
    swept_at = NOON
    while rows(path, "SELECT id FROM reservations"):
        swept_at += chores.HEARTBEAT_SECONDS  # of its sibling
        chores.sweep(SqliteSession(connection), swept_at)

    assert swept_at - NOON <= 10


def test_a_process_that_missed_a_heartbeat_keeps_what_it_reserved(
    path: Path, connection: sqlite3.Connection
) -> None:
    chores.beat(SqliteSession(connection), "01LIVES", NOON, NOON)
    reserve_by(connection, "01LIVES")
    chores.sweep(SqliteSession(connection), NOON + 2 * chores.HEARTBEAT_SECONDS)

    assert rows(path, "SELECT incarnation FROM reservations") == [("01LIVES",)]


def test_a_process_that_was_seen_ahead_of_the_clock_counts_as_dead(
    path: Path, connection: sqlite3.Connection
) -> None:
    for name, seen_at in (("01LIVES", NOON + 5), ("01AHEAD", NOON + 6)):
        chores.beat(SqliteSession(connection), name, NOON, seen_at)
        reserve_by(connection, name)
    chores.sweep(SqliteSession(connection), NOON)

    assert rows(path, "SELECT incarnation FROM reservations") == [("01LIVES",)]
    assert rows(path, "SELECT id FROM incarnations") == [("01LIVES",)]


def reserve_by(connection: sqlite3.Connection, incarnation: str) -> None:
    connection.execute(
        "INSERT INTO reservations VALUES (?, ?, ?, ?, 0, NULL, 1, 0, 'EUR', NULL, '', NULL)",
        (ANA, f"01OF{incarnation}", incarnation, NOON + 60),
    )


def test_what_is_past_its_deadline_is_given_back(
    path: Path, connection: sqlite3.Connection
) -> None:
    chores.beat(SqliteSession(connection), "01LIVES", NOON, NOON)
    for number, deadline in enumerate((NOON, NOON + 1)):
        connection.execute(
            "INSERT INTO reservations VALUES"
            " (?, ?, '01LIVES', ?, 0, NULL, 1, 0, 'EUR', NULL, '', NULL)",
            (ANA, str(number), deadline),
        )
    chores.sweep(SqliteSession(connection), NOON)

    assert rows(path, "SELECT id FROM reservations") == [("1",)]


async def test_keys_and_vehicles_are_forgotten_after_their_time(
    path: Path, connection: sqlite3.Connection
) -> None:
    async with opened(path) as ledger:
        what = asked(1, vin="1FATESTVIN0000001", idempotency_key="k")
        await told(ledger, charge(what))
    chores.sweep(SqliteSession(connection), NOON + DAY_SECONDS - 1)
    assert rows(path, "SELECT idempotency_key FROM idempotency") == [("k",)]
    chores.sweep(SqliteSession(connection), NOON + DAY_SECONDS)
    assert rows(path, "SELECT idempotency_key FROM idempotency") == []
    assert rows(path, "SELECT day FROM ledger_day_vins") == [(day_of(NOON),)]
    chores.sweep(SqliteSession(connection), NOON + 3 * DAY_SECONDS)

    assert rows(path, "SELECT day FROM ledger_day_vins") == []


async def test_many_at_once_share_a_transaction(path: Path) -> None:
    async with opened(path) as ledger:
        await told(ledger, charge(asked(0)))
        await asyncio.gather(*(promised(ledger, charge(asked(n))) for n in range(1, 101)))

    groups = rows(path, "SELECT COUNT(DISTINCT group_first) FROM usage_records")
    assert groups[0][0] <= 3


@pytest.mark.parametrize("count", [1, 2, 3, 63, 64, 65, 127, 200])
async def test_a_group_of_any_size_is_written(path: Path, count: int) -> None:
    async with opened(path) as ledger:
        await asyncio.gather(*(promised(ledger, charge(asked(n))) for n in range(count)))

    assert rows(path, "SELECT COUNT(*) FROM usage_records") == [(count,)]
    assert rows(path, "SELECT units, records FROM ledger_lines") == [(count, count)]
    assert rows(path, "SELECT requests, vins FROM ledger_days") == [(count, 0)]


@pytest.mark.parametrize("count", [0, 1, 65, 200])
def test_all_rows_are_written_at_once(connection: sqlite3.Connection, count: int) -> None:
    connection.execute("CREATE TABLE numbers (number INTEGER, name TEXT)")
    Bulk("numbers", ("number", "name")).write(
        SqliteSession(connection), [(n, str(n)) for n in range(count)]
    )

    found = connection.execute("SELECT number, name FROM numbers ORDER BY number").fetchall()
    assert found == [(number, str(number)) for number in range(count)]


async def test_a_spend_cap_counts_what_other_processes_wrote(path: Path) -> None:
    tariff = tariff_of(cap=10 * 10_000_000)
    for number in (1, 2):
        async with opened(path) as ledger:
            assert await counted(ledger, charge(asked(number, tariff=tariff)))
    async with opened(path) as ledger:
        refused = await told(ledger, charge(asked(3, tariff=tariff)))

    assert getattr(refused, "policy", None) == "spend"


def test_the_log_is_copied_beside_the_writer(path: Path, connection: sqlite3.Connection) -> None:
    checkpoints = Checkpoints(LedgerFile(path), unheard)
    checkpoints.start()
    log = path.with_name(path.name + "-wal")
    connection.execute("CREATE TABLE filler (body BLOB)")
    for _ in range(200):
        connection.execute("INSERT INTO filler VALUES (?)", (bytes(100_000),))
        checkpoints.wrote(100, connection)
    checkpoints.stop(5)
    length = log.stat().st_size

    assert connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()[0] == 0
    connection.execute("INSERT INTO filler VALUES (?)", (b"",))
    assert log.stat().st_size == length  # it began again from its start


def test_of_a_long_log_the_writer_copies_the_rest(
    path: Path, connection: sqlite3.Connection
) -> None:
    checkpoints = Checkpoints(LedgerFile(path), unheard, pages=1, pages_long=1)
    checkpoints.start()
    statements: list[str] = []
    connection.set_trace_callback(statements.append)
    while "PRAGMA wal_checkpoint(PASSIVE)" not in statements:
        connection.execute("DELETE FROM incarnations")
        chores.beat(SqliteSession(connection), "01LIVES", NOON, NOON)
        checkpoints.wrote(1, connection)
    checkpoints.stop(5)

    assert rows(path, "SELECT id FROM incarnations") == [("01LIVES",)]


@pytest.mark.parametrize("table", TABLES)
def test_what_is_read_for_a_group_is_found_by_an_index(
    connection: sqlite3.Connection, table: str
) -> None:
    queries: list[str] = []
    connection.set_trace_callback(queries.append)
    read_all(connection)
    connection.set_trace_callback(None)
    query = next(each for each in queries if f"FROM {table}" in each)
    plan = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {query}")]

    assert not [step for step in plan if step.startswith("SCAN") and "json_each" not in step]


def read_all(connection: sqlite3.Connection) -> None:
    """Read what a group may need."""
    books = Books(SqliteSession(connection), LedgerChain(KEYRING), NOON)
    books.standing_records(["01A"])
    books.open([asked(1, vin="V", idempotency_key="k", tariff=tariff_of(cap=1))])


class TestGivenUp:
    """What is remembered across restarts."""

    def test_what_a_process_left_behind_is_taken_over_once(self, tmp_path: Path) -> None:
        first = GivenUp(tmp_path / "ids", "01FIRST")
        assert first.open() == (frozenset(), frozenset())
        first.add(["01A", "01B"])
        first.add(["01B", "01C"])
        first.forget(["01C"])
        second = GivenUp(tmp_path / "ids", "01SECOND")
        assert second.open() == (frozenset(), frozenset())
        first.close()

        third, fourth = GivenUp(tmp_path / "ids", "01THIRD"), GivenUp(tmp_path / "ids", "01FOURTH")
        assert third.open() == (frozenset({"01A", "01B", "01C"}), frozenset({"01FIRST"}))
        assert fourth.open() == (frozenset(), frozenset())
        third.forget_left_behind()
        for each in (second, third, fourth):
            each.close()
        assert list((tmp_path / "ids").iterdir()) == []

    def test_what_was_taken_over_but_not_settled_stays(self, tmp_path: Path) -> None:
        first, second, third = (GivenUp(tmp_path, f"01{number}") for number in range(3))
        first.open()
        first.add(["01A"])
        first.sync()
        first.close()
        assert second.open()[0] == {"01A"}
        second.close()

        assert third.open()[0] == {"01A"}
        third.close()

    def test_with_all_forgotten_the_file_is_empty(self, tmp_path: Path) -> None:
        given_up = GivenUp(tmp_path, "01A")
        given_up.open()
        given_up.add(["01A"])
        given_up.forget(["01A"])

        assert (tmp_path / "01A.ids").read_text() == ""
        given_up.close()

    def test_where_nothing_can_be_written_that_is_said(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("")
        given_up = GivenUp(tmp_path / "file", "01A")
        with capture_logs() as logs:
            given_up.open()
            given_up.add(["01A"])
            given_up.sync()
        given_up.close()

        assert [log["event"] for log in logs] == ["what is given up cannot be remembered"]

    def test_where_there_is_no_room_that_is_said(self, tmp_path: Path) -> None:
        given_up = GivenUp(tmp_path, "01A")
        given_up.open()
        limits = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, limits[1]))
        try:
            with capture_logs() as logs:
                given_up.add(["01A"])
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        given_up.close()

        assert [log["event"] for log in logs] == ["what is given up cannot be remembered"]
