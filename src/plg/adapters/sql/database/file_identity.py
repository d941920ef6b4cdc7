"""Notices that a path leads to another file than before, or to none."""

from pathlib import Path
from typing import NamedTuple


class _Identity(NamedTuple):
    device: int
    inode: int


class FileIdentity:
    """The file that a path led to when somebody asked first, or when this was renewed."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen: _Identity | None = None

    def holds(self) -> bool:
        """Tell whether the path still leads to that file; it does as long as none was seen."""
        now = self._now()
        if self._seen is None:
            self._seen = now
        return now == self._seen

    def renew(self) -> None:
        """Take the file that the path leads to now."""
        self._seen = self._now()

    def _now(self) -> _Identity | None:
        try:
            found = self._path.stat()
        except OSError:
            return None
        return _Identity(found.st_dev, found.st_ino)
