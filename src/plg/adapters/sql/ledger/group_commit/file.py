"""How the ledger's file is opened."""

import sqlite3
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final, Self

from sqlalchemy import URL

BUSY_MILLISECONDS: Final = 250
"""How long one attempt to begin waits for others; more are made as long as something waits."""


class Durability(StrEnum):
    """
    What a commit survives.

    FULL: that the power fails. NORMAL: that the process is killed; the last commits before a
    power cut may be lost, with nothing damaged.
    """

    FULL = "full"
    NORMAL = "normal"


@dataclass(frozen=True, slots=True)
class LedgerFile:
    """
    A migrated durable database.

    Attributes:
        connection_type: What a test makes slow.
        looks_every: Seconds after which the writer looks again whether the path leads to the file
            that it opened.
    """

    path: Path
    durability: Durability = Durability.FULL
    connection_type: type[sqlite3.Connection] = sqlite3.Connection
    looks_every: float = 1.0

    @classmethod
    def of(cls, url: URL, durability: str) -> Self:
        """Return the file of an engine."""
        return cls(Path(url.database or ""), Durability(durability))

    def connect(self) -> sqlite3.Connection:
        """
        Open it, in the mode in which every transaction is begun and ended by name.

        Raises:
            sqlite3.Error: If that fails; a file that is missing is not made.
        """
        connection = sqlite3.connect(
            f"{self.path.absolute().as_uri()}?mode=rw",
            uri=True,
            isolation_level=None,
            check_same_thread=False,
            factory=self.connection_type,
        )
        try:
            for pragma in (
                f"busy_timeout = {BUSY_MILLISECONDS}",
                "journal_mode = WAL",
                f"synchronous = {self.durability.name}",
                "recursive_triggers = ON",  # a record that is replaced counts as deleted
                "wal_autocheckpoint = 0",
                "cache_size = -32000",
                "temp_store = MEMORY",
            ):
                connection.execute(f"PRAGMA {pragma}")
        except sqlite3.Error:
            connection.close()
            raise
        return connection
