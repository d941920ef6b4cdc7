"""Input that is gone through more than once, also where it can only be read once."""

import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

MEMORY_BYTES = 16 * 1024 * 1024
STDIN = Path("/dev/stdin")


def given(path: str) -> Path:
    """Return the file that a path names, that of standard input where it is `-`."""
    return STDIN if path == "-" else Path(path)


@contextmanager
def open_rereadable(path: str) -> Iterator[IO[bytes]]:
    """Open a file, or keep what standard input gives where the path is `-`."""
    if path != "-":
        with Path(path).open("rb") as file:
            yield file
        return
    with tempfile.SpooledTemporaryFile(MEMORY_BYTES) as kept:
        shutil.copyfileobj(sys.stdin.buffer, kept)
        kept.seek(0)
        yield kept
