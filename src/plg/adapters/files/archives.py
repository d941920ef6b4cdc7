"""Archived records in files: JSON Lines, compressed."""

import asyncio
import fcntl
import gzip
import os
import zlib
from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Final

from plg.adapters.files.archive_lines import read_line, write_line
from plg.application.ports.ledger.archive_files import (
    ArchiveDraftPort,
    ArchiveFilesPort,
    ArchiveLine,
)
from plg.domain.errors import StorageUnavailable

PAGE: Final = 1000
LINE_BYTES_MAX: Final = 64 * 1024 * 1024
_LEVEL: Final = 6
_SUFFIX: Final = ".part"


class GzipDraft(ArchiveDraftPort):
    """Compresses beside the event loop."""

    def __init__(self, file: gzip.GzipFile, path: Path) -> None:
        self._file = file
        self._path = path

    async def add(self, lines: Sequence[ArchiveLine]) -> None:
        with _translated(self._path, "written"):
            await asyncio.to_thread(self._write, lines)

    def _write(self, lines: Sequence[ArchiveLine]) -> None:
        self._file.write(b"".join(write_line(line) for line in lines))


class GzipArchives(ArchiveFilesPort):
    """
    A file beside its final name, locked while it is written, then synced and renamed.

    What a process that was killed has left of one is written over by the next.
    """

    @asynccontextmanager
    async def draft(self, path: Path) -> AsyncIterator[ArchiveDraftPort]:
        path = _followed(path)
        unfinished = path.with_name(f"{path.name}{_SUFFIX}")
        with _translated(path, "written"):
            number = _locked(unfinished)
        with os.fdopen(number, "wb") as raw:
            try:
                with gzip.GzipFile("", "wb", _LEVEL, raw, mtime=0) as file:
                    yield GzipDraft(file, path)
                with _translated(path, "written"):
                    raw.flush()
                    await asyncio.to_thread(os.fsync, raw.fileno())
                    unfinished.rename(path)
                    _sync_folder(path.parent)
            except BaseException:
                unfinished.unlink(missing_ok=True)
                raise

    async def pages(self, path: Path) -> AsyncGenerator[list[ArchiveLine]]:
        with _translated(path, "read"):
            file = await asyncio.to_thread(gzip.open, path, "rb")
        number = 0
        with file:
            while page := await asyncio.to_thread(_page, file, path, number):
                number += len(page)
                yield page

    async def exists(self, path: Path) -> bool:
        return await asyncio.to_thread(path.is_file)


def _page(file: gzip.GzipFile, path: Path, number: int) -> list[ArchiveLine]:
    page: list[ArchiveLine] = []
    with _translated(path, "read"):
        while len(page) < PAGE and (text := file.readline(LINE_BYTES_MAX)):
            try:
                page.append(read_line(text, str(path)))
            except ValueError as error:
                line = number + len(page) + 1
                raise StorageUnavailable(
                    f"the archive {path} cannot be read: line {line} is none of an archive: {error}"
                ) from error
    return page


def _followed(path: Path) -> Path:
    """Return where an archive is that may have been moved, and linked to."""
    return Path(os.path.realpath(path))


def _locked(path: Path) -> int:
    """Open a file that nobody else writes to; what it held is gone."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
        _check_ours(number, path)
        os.ftruncate(number, 0)
    except BaseException:
        os.close(number)
        raise
    return number


def _check_ours(number: int, path: Path) -> None:
    """Raise where somebody else has just given it its name."""
    if not path.exists() or os.fstat(number).st_ino != path.stat().st_ino:
        raise BlockingIOError


def _sync_folder(path: Path) -> None:
    number = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


@contextmanager
def _translated(path: Path, what: str) -> Iterator[None]:
    try:
        yield
    except BlockingIOError as error:
        raise StorageUnavailable(f"another process writes the archive {path} just now") from error
    except (OSError, EOFError, zlib.error) as error:
        raise StorageUnavailable(f"the archive {path} cannot be {what}: {error}") from error
