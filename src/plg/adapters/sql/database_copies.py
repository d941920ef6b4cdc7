"""A copy of the durable database in a SQLite file that no other process knows."""

import asyncio
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final, TypeVar

from plg.adapters.sql.database import versions
from plg.adapters.sql.database.dialects import create_durable_engine
from plg.adapters.sql.database.files import is_of_others
from plg.adapters.sql.database.versions import Line
from plg.adapters.sql.ledger.ledger_books import SqlLedgerBooks
from plg.application.ports.backups import DatabaseCopyPort
from plg.application.ports.health import Schema
from plg.application.ports.ledger.ledger_books import LedgerBooksPort
from plg.domain.errors import StorageUnavailable

T = TypeVar("T")
LOGS: Final = ("-wal", "-journal")
BUSY: Final = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
BUSY_SECONDS: Final = 0.25
BUSY_TIMES_MAX: Final = 40


class SqliteCopy(DatabaseCopyPort):
    """
    Filled, looked into, and then either put in its place or discarded.

    Args:
        path: Where it is, until it takes its place.
        origin: What it is a copy of, for messages.
        place: Gives a file its place, beside the event loop.
    """

    def __init__(self, path: Path, origin: Path, place: Callable[[Path], Path | None]) -> None:
        self._path = path
        self._origin = origin
        self._place = place
        self._engine = create_durable_engine(f"sqlite+aiosqlite:///{path}")

    @property
    def books(self) -> LedgerBooksPort:
        return SqlLedgerBooks(self._engine)

    async def fill(self) -> None:
        """
        Copy in one read transaction, by SQLite's own means.

        Raises:
            StorageUnavailable: If that fails.
        """
        await asyncio.to_thread(_copy, self._origin, self._path)

    async def schema(self) -> Schema:
        current = await asyncio.to_thread(self._revision)
        known = versions.revisions(Line.DURABLE)
        if current not in known:
            raise StorageUnavailable(
                f"{self._origin} is at {current}, which a newer version made: install that one"
            )
        return Schema(current, known[-1])

    async def check_pages(self) -> None:
        await asyncio.to_thread(self._check_pages)

    async def migrate(self) -> None:
        from plg.adapters.sql.database import migrations  # noqa: PLC0415 - see the docstring of versions.py

        await migrations.upgrade(self._engine, Line.DURABLE)

    async def take_place(self) -> Path | None:
        await self._engine.dispose()
        await asyncio.to_thread(self._seal)
        return await asyncio.to_thread(self._place, self._path)

    async def discard(self) -> None:
        """Remove what is left of it."""
        await self._engine.dispose()
        for suffix in ("", *LOGS, "-shm"):
            self._path.with_name(f"{self._path.name}{suffix}").unlink(missing_ok=True)

    def _revision(self) -> str:
        with translated(self._origin, "read"):
            if not is_of_others(self._path, Line.DURABLE):
                revision = ask(self._path, "SELECT version_num FROM plg_durable_version")
                return str(revision)
        raise StorageUnavailable(f"{self._origin} is no durable database of PLG")

    def _check_pages(self) -> None:
        with translated(self._origin, "read"):
            verdict = ask(self._path, "PRAGMA integrity_check(1)")
        if verdict != "ok":
            raise StorageUnavailable(f"{self._origin} is damaged: {verdict}")

    def _seal(self) -> None:
        """Bring all of it into one file, and that on disk."""
        with translated(self._path, "written"):
            ask(self._path, "PRAGMA journal_mode = DELETE")
            sync(self._path)


def _copy(origin: Path, path: Path) -> None:
    times_busy = 0

    def progress(status: int, _left: int, _total: int) -> None:
        nonlocal times_busy
        times_busy += status in BUSY
        if times_busy > BUSY_TIMES_MAX:
            raise sqlite3.OperationalError("another process keeps it locked")

    mode = "rw" if os.access(origin, os.W_OK) else "ro"  # who may only read leaves a log behind
    with (
        translated(origin, "copied"),
        closing(sqlite3.connect(f"{origin.as_uri()}?mode={mode}", uri=True)) as taken,
        closing(sqlite3.connect(path)) as made,
    ):
        taken.backup(made, progress=progress, sleep=BUSY_SECONDS)


def ask(path: Path, statement: str) -> object:
    """
    Return the first value that a statement gives.

    Raises:
        sqlite3.Error: If it fails.
    """
    with closing(sqlite3.connect(path, isolation_level=None, timeout=1)) as connection:
        row = connection.execute(statement).fetchone()
        return None if row is None else row[0]


def sync(path: Path) -> None:
    """
    Have a file, or the names in a folder, on disk.

    Raises:
        OSError: If that fails.
    """
    file = os.open(path, os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)


@contextmanager
def translated(path: Path, what: str) -> Iterator[None]:
    """Turn what the file system and SQLite raise into a failure that names the file."""
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        raise StorageUnavailable(f"{path} cannot be {what}: {error}") from error
