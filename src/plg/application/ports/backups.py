"""Copies of the durable database."""

from abc import abstractmethod
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Protocol

from plg.application.ports.health import Schema
from plg.application.ports.ledger.ledger_books import LedgerBooksPort


class DatabaseCopyPort(Protocol):
    """A copy that does not have its name yet."""

    @property
    @abstractmethod
    def books(self) -> LedgerBooksPort:
        """What its ledger says; its schema must be the newest for that."""

    @abstractmethod
    async def schema(self) -> Schema:
        """
        Return where it stands.

        Raises:
            StorageUnavailable: If it cannot be read, is none of PLG's, or a newer version made it.
        """

    @abstractmethod
    async def check_pages(self) -> None:
        """
        Read all of it.

        Raises:
            StorageUnavailable: If it is damaged.
        """

    @abstractmethod
    async def migrate(self) -> None:
        """
        Bring it to the newest schema.

        Raises:
            StorageUnavailable: If that fails.
        """

    @abstractmethod
    async def take_place(self) -> Path | None:
        """
        Give the copy its name: all of it, on disk. Return where what it replaced is kept, if it is.

        Raises:
            InvalidParameter: If something has the name that may not be replaced.
            StorageUnavailable: If that fails, or a process has the database open that it replaces.
        """


class BackupsPort(Protocol):
    """
    The durable database and copies of it, each its owner's only from its first byte on.

    A copy is gone at the end of its block unless it took its place.
    """

    @abstractmethod
    def copy_to(
        self, path: Path, *, replaces: bool
    ) -> AbstractAsyncContextManager[DatabaseCopyPort]:
        """
        Copy the database as it is at one instant, beside those who write to it, for `path`.

        Raises:
            InvalidParameter: If something is there that may not be replaced: anything without
                `replaces`, and always what is no regular file or is a database in use.
            StorageUnavailable: If that fails.
        """

    @abstractmethod
    def copy_from(self, path: Path) -> AbstractAsyncContextManager[DatabaseCopyPort]:
        """
        Copy a backup for the place of the database, where what it replaces is kept.

        Raises:
            InvalidParameter: If `path` is a database in use.
            StorageUnavailable: If that fails.
        """
