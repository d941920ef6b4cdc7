"""Copies of the durable database in SQLite, and how each takes its place."""

import asyncio
import os
import secrets
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from plg.adapters.sql.database_copies import BUSY, LOGS, SqliteCopy, ask, sync, translated
from plg.application.ports.backups import BackupsPort, DatabaseCopyPort
from plg.domain.errors import InvalidParameter, StorageUnavailable


class SqliteBackups(BackupsPort):
    """
    Makes each copy beside the place that it shall take.

    Args:
        database: What is copied and replaced.
        in_use: Other files that nothing may be written over, such as the cache's.
    """

    def __init__(self, database: Path, in_use: tuple[Path, ...] = ()) -> None:
        self._database = _followed(database)
        self._in_use = (self._database, *map(_followed, in_use))

    @asynccontextmanager
    async def copy_to(self, path: Path, *, replaces: bool) -> AsyncIterator[DatabaseCopyPort]:
        target = _followed(path)

        def place(copy: Path) -> None:
            self._check_target(target, replaces=replaces)
            _rename(copy, target)

        self._check_target(target, replaces=replaces)
        if not self._database.exists():
            raise StorageUnavailable(f"there is no database {self._database} to copy")
        async with _copied(self._database, target, place) as copy:
            yield copy

    def copy_from(self, path: Path) -> AbstractAsyncContextManager[DatabaseCopyPort]:
        source = _followed(path)
        if self._is_in_use(source):
            raise InvalidParameter("file", f"{path} is a database in use, and no backup")
        with translated(self._database, "written"):
            self._database.parent.mkdir(parents=True, exist_ok=True)
        return _copied(source, self._database, lambda copy: _put(copy, self._database))

    def _check_target(self, target: Path, *, replaces: bool) -> None:
        if not target.exists():
            return
        if not target.is_file() or self._is_in_use(target):
            raise InvalidParameter("file", f"a backup may not replace {target}: choose another")
        if not replaces:
            raise InvalidParameter(
                "file", f"{target} is there already: choose another name, or replace it by --force"
            )

    def _is_in_use(self, path: Path) -> bool:
        return any(_is_same(path, each) for each in self._in_use)


@asynccontextmanager
async def _copied(
    source: Path, target: Path, place: Callable[[Path], Path | None]
) -> AsyncIterator[SqliteCopy]:
    path = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
    await asyncio.to_thread(_make, path, target)
    copy = SqliteCopy(path, source, place)
    try:
        await copy.fill()
        yield copy
    finally:
        await copy.discard()


def _make(path: Path, target: Path) -> None:
    with translated(target, "written"):
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))


def _rename(path: Path, target: Path) -> None:
    with translated(target, "written"):
        path.replace(target)
        sync(target.parent)


def _put(path: Path, database: Path) -> Path | None:
    """Give a file the name of the database, which is kept: the name is never without a file."""
    kept = _kept(database) if database.exists() else None
    _rename(path, database)
    return kept


def _kept(database: Path) -> Path:
    _fold(database)
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
    kept = database.with_name(f"{database.name}.replaced-{stamp}")
    with translated(database, "replaced"):
        for suffix in LOGS:  # left only where the database is damaged
            log = database.with_name(f"{database.name}{suffix}")
            if log.exists():
                log.rename(kept.with_name(f"{kept.name}{suffix}"))
        database.with_name(f"{database.name}-shm").unlink(missing_ok=True)
        kept.hardlink_to(database)
    return kept


def _fold(database: Path) -> None:
    """
    Bring what is in the log into the database, which SQLite does only for who is alone with it.

    Raises:
        StorageUnavailable: If another process has it open.
    """
    try:
        is_alone = ask(database, "PRAGMA journal_mode = DELETE") == "delete"
    except sqlite3.OperationalError as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF not in BUSY:
            raise StorageUnavailable(f"{database} cannot be replaced: {error}") from error
        is_alone = False
    except sqlite3.DatabaseError:  # damaged: it is kept as it is
        return
    if not is_alone:
        raise StorageUnavailable(f"another process has {database} open: stop it first")


def _followed(path: Path) -> Path:
    return Path(os.path.realpath(path))


def _is_same(one: Path, other: Path) -> bool:
    return one == other or (one.exists() and other.exists() and one.samefile(other))
