"""The ledger in a file."""

import sqlite3
from collections.abc import Sequence
from typing import Any, Final

from plg.adapters.sql.ledger.group_commit.checkpoints import Checkpoints
from plg.adapters.sql.ledger.group_commit.file import LedgerFile
from plg.adapters.sql.ledger.group_commit.lasting import OnEnd
from plg.adapters.sql.ledger.group_commit.same_file import SameFile
from plg.adapters.sql.ledger.group_commit.session import SQLITE, Session
from plg.adapters.sql.ledger.group_commit.store import InDoubt, LedgerStore

_POISON: Final = (
    sqlite3.IntegrityError,
    sqlite3.DataError,
    sqlite3.ProgrammingError,
    sqlite3.InterfaceError,
)


class SqliteSession(Session):
    """A connection to the file."""

    dialect = SQLITE

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection

    def begin(self) -> None:
        self.connection.execute("BEGIN IMMEDIATE")

    def commit(self) -> None:
        self.connection.execute("COMMIT")

    def rollback(self) -> None:
        self.connection.execute("ROLLBACK")

    def close(self) -> None:
        self.connection.close()

    def rows(self, query: str, values: Sequence[Any] = ()) -> list[Any]:
        return self.connection.execute(query, values).fetchall()

    def run(self, statement: str, values: Sequence[Any] = ()) -> None:
        self.connection.execute(statement, values)


class SqliteStore(LedgerStore):
    """
    Watches that the file stays the one that was opened, and keeps its log short.

    Args:
        on_end: Told where the thread of checkpoints cannot go on.
    """

    failures = (sqlite3.Error,)

    def __init__(self, file: LedgerFile, on_end: OnEnd) -> None:
        self._file = file
        self._same_file = SameFile(file)
        self._checkpoints = Checkpoints(file, on_end)

    def start(self) -> None:
        self._checkpoints.start()

    def stop(self, seconds: float) -> None:
        self._checkpoints.stop(seconds)

    def check(self) -> None:
        self._same_file.check()

    def connect(self) -> SqliteSession:
        return SqliteSession(self._file.connect())

    def wrote(self, records: int, session: Session) -> None:
        if isinstance(session, SqliteSession):
            self._checkpoints.wrote(records, session.connection)

    def is_of_the_storage(self, error: Exception) -> bool:
        if isinstance(error, _POISON):
            return False
        return isinstance(error, sqlite3.Error | InDoubt)

    def is_locked(self, error: Exception) -> bool:
        code = getattr(error, "sqlite_errorcode", None)
        return code is not None and code & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)

    def is_lost_race(self, error: Exception) -> bool:  # noqa: ARG002 - there is one writer at a time
        return False
