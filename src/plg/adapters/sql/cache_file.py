"""The SQLite file of the disposable tier: one that cannot be used is set aside, not mourned."""

import sqlite3
from collections.abc import Collection
from datetime import UTC, datetime
from pathlib import Path

CHECKED_BYTES_MAX = 32 * 1024 * 1024
"""Up to this size the whole file is checked at the start; it takes about 0.1 s."""


def set_aside_unusable(path: Path, revisions: Collection[str]) -> Path | None:
    """
    Rename a cache file that is damaged or not ours, and return its new name.

    Returns None where the file is missing, empty, or as one of our `revisions` made it.

    Raises:
        OSError: If it cannot be renamed.
    """
    if not path.exists() or path.stat().st_size == 0 or _is_usable(path, revisions):
        return None
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
    aside = path.with_name(f"{path.name}.set-aside-{stamp}")
    path.rename(aside)
    for suffix in ("-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    return aside


def _is_usable(path: Path, revisions: Collection[str]) -> bool:
    try:
        connection = sqlite3.connect(path, timeout=0.1)
        try:
            tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
            if not tables:
                return True
            if "plg_cache_version" not in tables or not _is_sound(path, connection):
                return False
            rows = connection.execute("SELECT version_num FROM plg_cache_version").fetchall()
            return bool(rows) and all(revision in revisions for (revision,) in rows)
        finally:
            connection.close()
    except sqlite3.OperationalError as error:
        return "locked" in str(error)  # in use, so somebody could use it
    except sqlite3.DatabaseError:
        return False


def _is_sound(path: Path, connection: sqlite3.Connection) -> bool:
    if path.stat().st_size > CHECKED_BYTES_MAX:
        return True
    verdict: str = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    return verdict == "ok"
