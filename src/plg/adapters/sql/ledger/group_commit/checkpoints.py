"""
Keeps the write-ahead log short without stopping the writer.

A checkpoint copies the log into the database and syncs both; the writer would do that by itself in
the middle of a group, for tens of milliseconds. Here a thread of its own does it, on a connection
of its own, while the writer continues; only what is left after that, if the log is long, is copied
by the writer, so that the log begins again from its start.
"""

import sqlite3
import threading
from contextlib import suppress
from typing import Final

from plg.adapters.sql.ledger.group_commit.file import LedgerFile
from plg.adapters.sql.ledger.group_commit.lasting import LastingThread, OnEnd

PAGES: Final = 2000
PAGES_LONG: Final = 16000
_GROUP_PAGES: Final = 8


class Checkpoints:
    """
    Copies the log when told that enough was written.

    Args:
        on_end: Told where it cannot go on.
        pages: How long the log gets before it is copied.
        pages_long: From how long on the writer itself copies what is left.
    """

    def __init__(
        self, file: LedgerFile, on_end: OnEnd, *, pages: int = PAGES, pages_long: int = PAGES_LONG
    ) -> None:
        self._file = file
        self._pages = pages
        self._pages_long = pages_long
        self._due = threading.Event()
        self._is_stopping = False
        self._written = 0
        self._is_long = False
        self._thread = LastingThread("checkpoints", self._run, on_end)

    def start(self) -> None:
        self._thread.start()

    def wrote(self, records: int, connection: sqlite3.Connection) -> None:
        """Take note of a group; called by the writer between transactions."""
        self._written += _GROUP_PAGES + records // 4
        if self._is_long:
            self._is_long = False
            with suppress(sqlite3.Error):
                connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
        elif self._written >= self._pages and not self._due.is_set():
            self._written = 0
            self._due.set()

    def stop(self, seconds: float) -> None:
        """End the thread."""
        self._is_stopping = True
        self._due.set()
        self._thread.join(seconds)

    def _run(self) -> None:
        connection: sqlite3.Connection | None = None
        while self._due.wait() and not self._is_stopping:
            with suppress(sqlite3.Error):  # the writer says what is wrong with the file
                connection = connection or self._file.connect()
                row = connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
                self._is_long = row[1] >= self._pages_long
            self._due.clear()
        if connection is not None:
            connection.close()
