"""Where the ledger is written, as its writer sees it."""

from abc import abstractmethod
from typing import Protocol

from plg.adapters.sql.ledger.group_commit.session import Session


class InDoubt(Exception):
    """A commit failed: what it was to write may be there, or come back after a crash."""


class LedgerStore(Protocol):
    """
    A migrated durable database.

    Attributes:
        failures: What its sessions raise.
    """

    failures: tuple[type[Exception], ...]

    @abstractmethod
    def start(self) -> None:
        """Begin what it does beside the writer."""

    @abstractmethod
    def stop(self, seconds: float) -> None:
        """End that, within so many seconds."""

    @abstractmethod
    def check(self) -> None:
        """Make sure, before each group, that it is still the database that was begun with."""

    @abstractmethod
    def connect(self) -> Session:
        """Open a session."""

    @abstractmethod
    def wrote(self, records: int, session: Session) -> None:
        """Take note of a group that was written; called between transactions."""

    @abstractmethod
    def is_of_the_storage(self, error: Exception) -> bool:
        """Tell whether nothing can be written now; else it is the operation that cannot be."""

    @abstractmethod
    def is_locked(self, error: Exception) -> bool:
        """Tell whether somebody else writes just now, and nobody can beside."""

    @abstractmethod
    def is_lost_race(self, error: Exception) -> bool:
        """Tell whether a transaction was taken back for another's sake, and may be tried again."""
