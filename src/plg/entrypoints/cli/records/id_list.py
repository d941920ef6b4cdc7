"""A list of ids, one a line, however long."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from plg.entrypoints.cli.rereadable import open_rereadable


@dataclass(frozen=True, slots=True)
class IdList:
    """
    An open list that was gone through once.

    Attributes:
        count: How many ids it holds; blank lines do not count.
        digest: Of its name and content: the same as long as neither changes.
    """

    file: IO[bytes]
    count: int
    digest: str

    def ids(self) -> Iterator[str]:
        """Go through the ids from the first on; what is not UTF-8 becomes no valid id."""
        self.file.seek(0)
        for line in self.file:
            if text := _text(line):
                yield text


@contextmanager
def open_id_list(path: str) -> Iterator[IdList]:
    """Open the list in a file, or on standard input where the path is `-`."""
    with open_rereadable(path) as file:
        digest = hashlib.sha256(str(Path(path).resolve()).encode("utf-8", "surrogateescape"))
        count = 0
        for line in file:
            digest.update(b"\0" + line)
            count += bool(_text(line))
        yield IdList(file, count, digest.hexdigest()[:32])


def _text(line: bytes) -> str:
    return line.decode("utf-8", "surrogateescape").removeprefix("\ufeff").strip()
