"""The ledger on a database server, through a driver that waits for its answers."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import URL, NullPool, create_engine

from plg.adapters.sql.ledger.group_commit.session import MYSQL, POSTGRESQL, Dialect, Session
from plg.adapters.sql.ledger.group_commit.store import InDoubt, LedgerStore

CONNECT_SECONDS: Final = 2
STATEMENT_SECONDS: Final = 5
_LOST_STATES: Final = ("40001", "40P01")
"""PostgreSQL's serialization_failure and deadlock_detected."""
_LOST_CODES: Final = (1205, 1213)
"""MySQL's ER_LOCK_WAIT_TIMEOUT and ER_LOCK_DEADLOCK."""
_DRIVERS: Final = {"postgresql": "postgresql+psycopg", "mysql": "mysql+pymysql"}
_BEGIN: Final = {"postgresql": "BEGIN", "mysql": "START TRANSACTION"}


class ServerSession(Session):
    """A connection to the server, which commits nothing by itself."""

    def __init__(self, connection: Any, dialect: Dialect) -> None:  # noqa: ANN401 - of either driver
        self.dialect = dialect
        self._connection = connection
        self._cursor = connection.cursor()

    def begin(self) -> None:
        self._cursor.execute(_BEGIN[self.dialect.name])

    def commit(self) -> None:
        self._cursor.execute("COMMIT")

    def rollback(self) -> None:
        self._cursor.execute("ROLLBACK")

    def close(self) -> None:
        self._connection.close()

    def rows(self, query: str, values: Sequence[Any] = ()) -> list[Any]:
        self._cursor.execute(query, values)
        return list(self._cursor.fetchall())

    def run(self, statement: str, values: Sequence[Any] = ()) -> None:
        self._cursor.execute(statement, values)


class ServerStore(LedgerStore):
    """
    Connects anew after each failure; accounts are held row by row, so that several may write.

    Args:
        url: Of the durable database.
    """

    def __init__(self, url: URL) -> None:
        name = url.get_backend_name()
        self._dialect = POSTGRESQL if name == "postgresql" else MYSQL
        engine = create_engine(url.set(drivername=_DRIVERS[self._dialect.name]), poolclass=NullPool)
        positional, named = engine.dialect.create_connect_args(engine.url)
        self._arguments = positional, {**named, **_arguments(self._dialect)}
        driver: Any = engine.dialect.dbapi
        self._connect = driver.connect
        self._poison = (
            driver.IntegrityError,
            driver.DataError,
            driver.ProgrammingError,
            driver.NotSupportedError,
        )
        self.failures = (driver.Error, OSError)

    def start(self) -> None:
        """There is nothing beside the writer."""

    def stop(self, seconds: float) -> None:
        """As above."""

    def check(self) -> None:
        """Whatever becomes of a server, its URL leads to it."""

    def connect(self) -> ServerSession:
        positional, named = self._arguments
        session = ServerSession(self._connect(*positional, **named), self._dialect)
        for statement in _SETTINGS[self._dialect.name]:
            session.run(statement)
        return session

    def wrote(self, records: int, session: Session) -> None:
        """The server keeps its log by itself."""

    def is_of_the_storage(self, error: Exception) -> bool:
        if isinstance(error, self._poison):
            return False
        return isinstance(error, (*self.failures, InDoubt))

    def is_locked(self, error: Exception) -> bool:  # noqa: ARG002 - rows are held, not the database
        return False

    def is_lost_race(self, error: Exception) -> bool:
        if getattr(error, "sqlstate", None) in _LOST_STATES:
            return True
        return bool(error.args) and error.args[0] in _LOST_CODES


def _arguments(dialect: Dialect) -> dict[str, Any]:
    if dialect is POSTGRESQL:
        milliseconds = STATEMENT_SECONDS * 1000
        return {
            "autocommit": True,
            "connect_timeout": CONNECT_SECONDS,
            "options": f"-c statement_timeout={milliseconds}",
            "tcp_user_timeout": milliseconds,
        }
    return {
        "autocommit": True,
        "connect_timeout": CONNECT_SECONDS,
        "read_timeout": STATEMENT_SECONDS,
        "write_timeout": STATEMENT_SECONDS,
    }


# Rows are held by name; without gaps between them being held too, fewer wait for each other.
_SETTINGS: Final[dict[str, tuple[str, ...]]] = {
    "postgresql": (),
    "mysql": (
        "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED",
        f"SET SESSION innodb_lock_wait_timeout = {STATEMENT_SECONDS}",
    ),
}
