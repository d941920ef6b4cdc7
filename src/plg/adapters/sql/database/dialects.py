"""What differs between the databases, and nowhere else."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Column, Connection, Table, event, func
from sqlalchemy.dialects import mysql, postgresql
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.sql.dml import Insert

CONNECT_SECONDS = 2
SERVER_CONNECTIONS = 8
"""To each of the two databases, from each process; the ledger has one more of its own."""
TURN_SECONDS = 600
"""How long one waits for its turn at most."""
BUSY_MILLISECONDS = 2000
"""How long SQLite waits for another process's write before it says "locked"."""


def create_cache_engine(url: str) -> AsyncEngine:
    """
    Return an engine for the disposable tier.

    On SQLite: a write-ahead log, so that reads never wait for writes, and `NORMAL`, so that
    a group of fills costs no sync: what a power cut takes is fetched again.
    """
    return _create(url, synchronous="NORMAL")


def create_durable_engine(url: str) -> AsyncEngine:
    """Return an engine for what must not be lost: on SQLite, every commit is synced."""
    return _create(url, synchronous="FULL")


def for_single_reads(engine: AsyncEngine) -> AsyncEngine:
    """
    Return the engine for statements that read and need no transaction.

    SQLite begins none for them anyway; to ask for that costs two turns of the driver's thread.
    """
    if is_embedded(engine):
        return engine
    return engine.execution_options(isolation_level="AUTOCOMMIT")


def is_embedded(engine: AsyncEngine) -> bool:
    """Tell whether the database is a file of ours, which only processes of one machine share."""
    return engine.dialect.name == "sqlite"


def upsert_newer(dialect: str, table: Table) -> Insert:
    """Return an insert that replaces a row only by one that was validated no earlier."""
    keys = [column.name for column in table.primary_key]
    names = [column.name for column in table.columns if not column.primary_key]
    if dialect in ("sqlite", "postgresql"):
        mine = insert(table) if dialect == "sqlite" else postgresql.insert(table)
        return mine.on_conflict_do_update(
            index_elements=keys,
            set_={name: mine.excluded[name] for name in names},
            where=mine.excluded.validated_at >= table.c.validated_at,
        )
    theirs = mysql.insert(table)
    is_newer = theirs.inserted.validated_at >= table.c.validated_at
    # MySQL sets one column after the other: the one that is compared comes last.
    names.sort(key="validated_at".__eq__)
    return theirs.on_duplicate_key_update(
        [(name, func.if_(is_newer, theirs.inserted[name], table.c[name])) for name in names]
    )


def insert_missing(dialect: str, table: Table) -> Insert:
    """
    Return an insert that leaves a row that is there already as it is.

    MySQL's IGNORE would ignore other mistakes too, and share a lock on the row, so that two who
    write it next wait for each other.
    """
    match dialect:
        case "sqlite":
            return insert(table).on_conflict_do_nothing()
        case "postgresql":
            return postgresql.insert(table).on_conflict_do_nothing()
        case _:
            key = next(iter(table.primary_key))
            return mysql.insert(table).on_duplicate_key_update({key.name: key})


def add_up(dialect: str, table: Table, column: Column[int]) -> Insert:
    """Return an insert that adds to the column of a row that is there already."""
    name, keys = column.name, list(table.primary_key)
    match dialect:
        case "sqlite":
            mine = insert(table)
            sums = {name: column + mine.excluded[name]}
            return mine.on_conflict_do_update(index_elements=keys, set_=sums)
        case "postgresql":
            theirs = postgresql.insert(table)
            sums = {name: column + theirs.excluded[name]}
            return theirs.on_conflict_do_update(index_elements=keys, set_=sums)
        case _:
            other = mysql.insert(table)
            return other.on_duplicate_key_update({name: column + other.inserted[name]})


def hold(dialect: str, table: Table) -> tuple[str, ...]:
    """
    Return what keeps others from writing to a table until the end of a transaction.

    SQLite's transaction holds all of them; MySQL's locking reads hold the gaps between rows too.
    """
    if dialect == "postgresql":
        return (f"LOCK TABLE {table.name} IN SHARE ROW EXCLUSIVE MODE",)
    return ()


@contextmanager
def turn(connection: Connection, name: str) -> Iterator[None]:
    """Begin a transaction in which, of all who give this name, one is at a time."""
    match connection.dialect.name:
        case "sqlite":  # the driver begins only before writes
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            yield
        case "postgresql":  # until the transaction's end
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock(hashtext('{name}'))")
            yield
        case _:
            connection.exec_driver_sql(f"SELECT GET_LOCK('{name}', {TURN_SECONDS})")
            try:
                yield
            finally:
                connection.exec_driver_sql(f"DO RELEASE_LOCK('{name}')")


def survives_conflicts(dialect: str) -> bool:
    """Tell whether a transaction can continue after a statement that a unique row refused."""
    return dialect != "postgresql"


def numbers_are_committed_in_order(dialect: str) -> bool:
    """Tell whether a row with a lower number is never committed after one with a higher."""
    return dialect == "sqlite"


async def begin_change(connection: AsyncConnection, wait_seconds: float) -> None:
    """
    Begin a transaction that writes; most databases do so with its first statement.

    SQLite takes its one write lock at once and within the bound: a transaction that reads before
    it asks for the lock could only be refused.
    """
    if connection.dialect.name != "sqlite":
        return
    await connection.exec_driver_sql(f"PRAGMA busy_timeout = {round(wait_seconds * 1000)}")
    try:
        await connection.exec_driver_sql("BEGIN IMMEDIATE")
    finally:
        await connection.exec_driver_sql(f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}")


async def begin_snapshot(connection: AsyncConnection) -> None:
    """Begin a transaction whose reads all see one instant."""
    match connection.dialect.name:
        case "sqlite":  # begins one only before writes
            await connection.exec_driver_sql("BEGIN")
        case "postgresql":
            await connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        case _:  # MySQL's transactions are so unless told otherwise
            pass


def _create(url: str, *, synchronous: str) -> AsyncEngine:
    is_file = url.startswith("sqlite")
    engine = create_async_engine(
        url,
        hide_parameters=True,
        pool_size=4 if is_file else SERVER_CONNECTIONS,
        max_overflow=0,
        pool_pre_ping=not is_file,  # a server may have been restarted since
        connect_args={} if is_file else {"connect_timeout": CONNECT_SECONDS},
    )
    if is_embedded(engine):
        event.listen(engine.sync_engine, "connect", _sqlite_pragmas(synchronous))
    return engine


def _sqlite_pragmas(synchronous: str) -> Any:  # noqa: ANN401 - the driver's own types are dynamic
    def configure(connection: Any, _record: object) -> None:  # noqa: ANN401
        cursor = connection.cursor()
        for pragma in (
            f"busy_timeout = {BUSY_MILLISECONDS}",
            "journal_mode = WAL",
            f"synchronous = {synchronous}",
            "cache_size = -16000",
            "temp_store = MEMORY",
            "mmap_size = 268435456",
            "foreign_keys = ON",
            "recursive_triggers = ON",  # a row that is replaced counts as deleted: tables guard it
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    return configure
