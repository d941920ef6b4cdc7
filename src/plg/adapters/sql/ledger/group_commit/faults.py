"""What a failure to write says: of the disk, or of one operation."""

import sqlite3
from typing import Final

_POISON: Final = (
    sqlite3.IntegrityError,
    sqlite3.DataError,
    sqlite3.ProgrammingError,
    sqlite3.InterfaceError,
)


class InDoubt(Exception):
    """A commit failed."""


def is_of_the_disk(error: Exception) -> bool:
    """Tell whether nothing can be written now; else it is the operation that cannot be."""
    if isinstance(error, _POISON):
        return False
    return isinstance(error, sqlite3.Error | InDoubt)


def is_locked(error: sqlite3.Error) -> bool:
    """Tell whether somebody else writes just now."""
    code = getattr(error, "sqlite_errorcode", None)
    return code is not None and code & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
