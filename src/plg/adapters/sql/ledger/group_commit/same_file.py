"""Nothing is written once the database was deleted or replaced under the writer."""

import sqlite3
from time import monotonic

from plg.adapters.sql.database.file_identity import FileIdentity
from plg.adapters.sql.ledger.group_commit.file import LedgerFile


class SameFile:
    """
    The file that the writer began with; another one is not written to before a restart.

    A look costs some microseconds and lets go of the interpreter's lock: there is one a second,
    not one a group.
    """

    def __init__(self, file: LedgerFile) -> None:
        self._file = file
        self._identity = FileIdentity(file.path)
        self._due = 0.0

    def check(self) -> None:
        """
        Look, if that is due; after a failure it is due at once.

        Raises:
            sqlite3.OperationalError: If the path leads to another file, or to none.
        """
        now = monotonic()
        if now < self._due:
            return
        if not self._identity.holds():
            raise sqlite3.OperationalError(
                f"{self._file.path} was deleted or replaced: put it back, or restart PLG"
            )
        self._due = now + self._file.looks_every
