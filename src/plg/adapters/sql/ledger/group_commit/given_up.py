"""Remembers, across restarts, which operations were given up after they were handed over."""

import fcntl
import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Final

import structlog

_log = structlog.get_logger("plg.ledger")
_SUFFIX: Final = ".ids"


class GivenUp:
    """
    A file of ids for each process, in one folder.

    Its process holds a lock on it for as long as it lives: a file without one was left behind,
    and the next process takes it over. An id is in the file, safe from a kill, before the
    client is told that its request failed. Where the folder cannot be written, that is logged,
    and what is given up is made void only by this process.
    """

    def __init__(self, folder: Path, incarnation: str) -> None:
        self._folder = folder
        self._path = folder / f"{incarnation}{_SUFFIX}"
        self._file: int | None = None
        self._ids: set[str] = set()
        self._left_behind: dict[int, Path] = {}

    def open(self) -> tuple[frozenset[str], frozenset[str]]:
        """Begin; return the ids that processes which died have left behind, and their names."""
        left: set[str] = set()
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            for path in sorted(self._folder.glob(f"*{_SUFFIX}")):
                left.update(self._taken_over(path))
            self._file = _locked_file(self._path)
        except OSError as error:
            _log.warning("what is given up cannot be remembered", error=str(error))
        return frozenset(left), frozenset(path.stem for path in self._left_behind.values())

    def add(self, ids: Iterable[str]) -> None:
        """Remember ids."""
        new = [each for each in ids if each not in self._ids]
        self._ids.update(new)
        if self._file is None or not new:
            return
        try:
            os.write(self._file, "".join(f"{each}\n" for each in new).encode())
        except OSError as error:
            _log.warning("what is given up cannot be remembered", error=str(error))

    def sync(self) -> None:
        """Make what is remembered safe from a power cut."""
        if self._file is not None and self._ids:
            with suppress(OSError):
                os.fsync(self._file)

    def forget(self, ids: Iterable[str]) -> None:
        """Forget ids that are settled; the file is emptied when none is left."""
        known = bool(self._ids)
        self._ids.difference_update(ids)
        if known and not self._ids and self._file is not None:
            with suppress(OSError):
                os.ftruncate(self._file, 0)

    def forget_left_behind(self) -> None:
        """Remove the files that were taken over: what stood in them is settled."""
        while self._left_behind:
            file, path = self._left_behind.popitem()
            path.unlink(missing_ok=True)
            os.close(file)

    def close(self) -> None:
        """End; the file goes where nothing is left in it."""
        for file in self._left_behind:
            os.close(file)
        self._left_behind.clear()
        if self._file is None:
            return
        if not self._ids:
            self._path.unlink(missing_ok=True)
        os.close(self._file)
        self._file = None

    def _taken_over(self, path: Path) -> set[str]:
        try:
            file = os.open(path, os.O_RDONLY)
        except FileNotFoundError:  # somebody else took it over
            return set()
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:  # its process lives
            os.close(file)
            return set()
        self._left_behind[file] = path
        return set(path.read_text(encoding="utf-8").split()) if path.exists() else set()


def _locked_file(path: Path) -> int:
    """Make a file that has its lock from the moment on that others see it."""
    unseen = path.with_suffix(".new")
    file = os.open(unseen, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    unseen.rename(path)
    return file
