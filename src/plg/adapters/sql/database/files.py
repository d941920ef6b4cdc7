"""Whose a SQLite file is, told by its tables before anything in it is changed."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

from plg.adapters.sql.database.versions import Line
from plg.domain.errors import StorageUnavailable

VARIABLES: Final = {Line.DURABLE: "DATABASE_URL", Line.CACHE: "CACHE_DATABASE_URL"}
_MINE: Final = {Line.DURABLE: "PLG's durable database", Line.CACHE: "PLG's cache"}
_QUERY: Final = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"


def connect(path: Path) -> sqlite3.Connection:
    """
    Open a file as it is, without waiting for others; it is not made.

    Raises:
        sqlite3.Error: If that fails.
    """
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, timeout=0.1)


def is_of_others(path: Path, line: Line) -> bool:
    """Tell whether a file holds tables that its version line does not know."""
    try:
        with closing(connect(path)) as connection:
            tables = {name for (name,) in connection.execute(_QUERY)}
    except sqlite3.Error:  # missing, locked or damaged: what uses it says so
        return False
    if line is Line.DURABLE:
        return bool(tables) and "plg_durable_version" not in tables
    return not all(name == "plg_cache_version" or name.startswith("cache_") for name in tables)


def check_ours(path: Path, line: Line) -> None:
    """
    Refuse a file of others: nothing is added to it, and it is not set aside.

    Raises:
        StorageUnavailable: If it holds tables that the version line does not know.
    """
    if is_of_others(path, line):
        raise StorageUnavailable(
            f"the file {path} holds tables that are not of {_MINE[line]}, and is left alone: "
            f"set {VARIABLES[line]} to a file of its own"
        )
