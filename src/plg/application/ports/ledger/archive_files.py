"""Files of archived records."""

from abc import abstractmethod
from collections.abc import AsyncGenerator, Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Protocol

from plg.domain.ledger.archives import ArchiveHeader, KeptCheckpoint
from plg.domain.ledger.kept_statements import KeptStatement
from plg.domain.ledger.verification.chains import SealedRecord

ArchiveLine = ArchiveHeader | SealedRecord | KeptStatement | KeptCheckpoint
"""A header, then records, each closing's statements after its last record, then a checkpoint."""


class ArchiveDraftPort(Protocol):
    """A file that is being written."""

    @abstractmethod
    async def add(self, lines: Sequence[ArchiveLine]) -> None:
        """Write lines behind those that are there."""


class ArchiveFilesPort(Protocol):
    """
    Writes and reads them; each method may raise StorageUnavailable.

    A file appears under its name when all of it is on disk, and is its owner's only.
    """

    @abstractmethod
    def draft(self, path: Path) -> AbstractAsyncContextManager[ArchiveDraftPort]:
        """
        Begin a file; at the end of the block it takes its name, or goes where the block raises.

        Raises StorageUnavailable where somebody else writes the same file just now.
        """

    @abstractmethod
    def pages(self, path: Path) -> AsyncGenerator[list[ArchiveLine]]:
        """Yield all lines in their order; raise StorageUnavailable at one that is none."""

    @abstractmethod
    async def exists(self, path: Path) -> bool:
        """Tell whether there is such a file."""
