"""The database itself keeps statements as they were closed."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from plg.domain.ledger.statements import Statement
from tests.fakes.billing import FIRST, NOTE
from tests.integration.contracts.works import migrated, sql_work
from tests.integration.sql.database import url_of

LINE = "VALUES (?, 9, 'players', 'hit', 1, 'basic', 1, 1, 1, '1', NULL)"


@pytest.fixture(scope="session")
def closed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with a statement and a credit note."""
    return migrated(tmp_path_factory.mktemp("closed") / "db.sqlite3")


@pytest.fixture
async def connection(closed: Path, tmp_path: Path) -> AsyncIterator[sqlite3.Connection]:
    path = tmp_path / "db.sqlite3"
    path.write_bytes(closed.read_bytes())
    async with sql_work(url_of(path)) as work, work.change() as ports:
        await ports.statements.add(FIRST)
        await ports.statements.add(NOTE)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA recursive_triggers = OFF")
        yield connection


def everything(connection: sqlite3.Connection) -> list[str]:
    return list(connection.iterdump())


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE statements SET amount = '0'",
        "UPDATE statements SET reason = NULL WHERE number LIKE 'PLG-CN%'",
        "DELETE FROM statements",
        "INSERT OR REPLACE INTO statements SELECT * FROM statements",
        "UPDATE statement_lines SET units = 0",
        "DELETE FROM statement_lines WHERE line = 2",
        "INSERT OR REPLACE INTO statement_lines SELECT * FROM statement_lines",
    ],
)
async def test_what_was_closed_cannot_be_changed(
    connection: sqlite3.Connection, statement: str
) -> None:
    before = everything(connection)
    with pytest.raises(sqlite3.IntegrityError, match="is insert-only"):
        connection.execute(statement)

    assert everything(connection) == before


@pytest.mark.parametrize("closed_one", [FIRST, NOTE], ids=lambda each: each.kind)
async def test_what_was_closed_gets_no_more_lines(
    connection: sqlite3.Connection, closed_one: Statement
) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="is insert-only"):
        connection.execute(f"INSERT INTO statement_lines {LINE}", (closed_one.number,))


@pytest.mark.parametrize("column", ["position", "number", "last_sequence"])
async def test_no_two_statements_share_a_place_or_a_range(
    connection: sqlite3.Connection, column: str
) -> None:
    others = {"number": "'PLG-2023-000009'", "position": "9", "last_sequence": "99"}
    del others[column]
    columns = [name for _, name, *_ in connection.execute("PRAGMA table_info(statements)")]
    values = ", ".join(others.get(name, name) for name in columns)
    with pytest.raises(sqlite3.IntegrityError):
        connection.execute(
            f"INSERT INTO statements SELECT {values} FROM statements WHERE kind = 'statement'"
        )
