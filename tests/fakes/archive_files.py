"""Files of archived records, in memory."""

from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from plg.application.ports.ledger.archive_files import (
    ArchiveDraftPort,
    ArchiveFilesPort,
    ArchiveLine,
)
from plg.domain.errors import StorageUnavailable

PAGE = 7


class MemoryDraft(ArchiveDraftPort):
    """Lines in a list."""

    def __init__(self) -> None:
        self.lines: list[ArchiveLine] = []

    async def add(self, lines: Sequence[ArchiveLine]) -> None:
        self.lines += lines


class MemoryArchiveFiles(ArchiveFilesPort):
    """Files in a dict, by path; `drafts` are being written."""

    def __init__(self) -> None:
        self.files: dict[Path, list[ArchiveLine]] = {}
        self.drafts: set[Path] = set()

    @asynccontextmanager
    async def draft(self, path: Path) -> AsyncIterator[ArchiveDraftPort]:
        if path in self.drafts:
            raise StorageUnavailable(f"another process writes the archive {path} just now")
        draft = MemoryDraft()
        self.drafts.add(path)
        try:
            yield draft
            self.files[path] = draft.lines
        finally:
            self.drafts.remove(path)

    async def pages(self, path: Path) -> AsyncGenerator[list[ArchiveLine]]:
        if path not in self.files:
            raise StorageUnavailable(f"the archive {path} cannot be read")
        lines = self.files[path]
        for start in range(0, len(lines), PAGE):
            yield lines[start : start + PAGE]

    async def exists(self, path: Path) -> bool:
        return path in self.files
