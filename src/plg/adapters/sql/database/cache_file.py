"""The SQLite file of the disposable tier: one that cannot be used is set aside, not mourned."""

import sqlite3
from collections.abc import Collection
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from plg.adapters.sql.database.files import connect

CHECKED_BYTES_MAX = 32 * 1024 * 1024
"""Up to this size the whole file is checked at the start; it takes about 0.1 s."""


def is_usable(path: Path, revisions: Collection[str]) -> bool:
    """Tell whether a cache file is missing, empty, in use, or as one of `revisions` made it."""
    if not path.exists() or path.stat().st_size == 0:
        return True
    try:
        with closing(connect(path)) as connection:
            tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
            if not tables:
                return True
            if "plg_cache_version" not in tables or not _is_sound(path, connection):
                return False
            rows = connection.execute("SELECT version_num FROM plg_cache_version").fetchall()
            return bool(rows) and all(revision in revisions for (revision,) in rows)
    except sqlite3.OperationalError as error:
        return "locked" in str(error)  # in use, so somebody could use it
    except sqlite3.DatabaseError:
        return False


def set_aside(path: Path) -> Path:
    """
    Rename a file, with the log that belongs to it, and return its new name.

    Raises:
        OSError: If it cannot be renamed.
    """
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
    aside = path.with_name(f"{path.name}.set-aside-{stamp}")
    path.rename(aside)
    log = path.with_name(f"{path.name}-wal")
    if log.exists():
        log.rename(aside.with_name(f"{aside.name}-wal"))
    path.with_name(f"{path.name}-shm").unlink(missing_ok=True)
    return aside


def _is_sound(path: Path, connection: sqlite3.Connection) -> bool:
    if path.stat().st_size > CHECKED_BYTES_MAX:
        return True
    verdict: str = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    return verdict == "ok"
