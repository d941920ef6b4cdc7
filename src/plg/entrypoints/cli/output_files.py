"""Files that commands write for their user: one way for all of them."""

import os
import secrets
import stat
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Final

from plg.domain.errors import StorageUnavailable
from plg.entrypoints.cli.failures import WrongUse

STDOUT: Final = "-"
OWNER_ONLY: Final = 0o600


@contextmanager
def written_whole(path: str, read: Sequence[Path]) -> Iterator[IO[bytes]]:
    """
    Open standard output, or a file that takes its name when it is complete.

    A link is followed, and what is no regular file (a device, a FIFO) is written to. A new file is
    its owner's only; one that is replaced keeps its mode.

    Raises:
        WrongUse: If `path` leads to something that is read too.
        StorageUnavailable: If it cannot be written.
    """
    if path == STDOUT or _is_stdout(path):
        output = sys.stdout.buffer
        yield output
        output.flush()
        return
    check_apart(path, read)
    target = Path(os.path.realpath(path))
    with _translated(path):
        if _is_written_through(path):
            with Path(path).open("wb") as file:
                yield file
            return
        draft = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
        try:
            with os.fdopen(_new(draft), "wb") as file:
                yield file
                if target.exists():
                    os.fchmod(file.fileno(), stat.S_IMODE(target.stat().st_mode))
            draft.replace(target)
        finally:
            draft.unlink(missing_ok=True)


@contextmanager
def written_along(path: str, read: Sequence[Path], *, goes_on: bool) -> Iterator[IO[str]]:
    """
    Open a file for lines that are there as soon as they are flushed; it may be continued.

    Raises:
        WrongUse: If `path` leads to something that is read too.
        StorageUnavailable: If it cannot be written.
    """
    check_apart(path, read)
    mode = "a" if goes_on else "w"
    with (
        _translated(path),
        Path(path).open(mode, encoding="utf-8", errors="surrogateescape") as file,
    ):
        yield file


def check_apart(path: str, read: Sequence[Path]) -> None:
    """
    Refuse to write to what is read.

    Raises:
        WrongUse: If `path` leads to one of them.
    """
    for each in read:
        with suppress(OSError):  # one of them is not there
            if Path(path).samefile(each) and not _is_written_through(path):
                raise WrongUse(f"{path} is read by this command: write to another file.")


def _is_stdout(path: str) -> bool:
    try:
        return os.path.samestat(Path(path).stat(), os.fstat(sys.stdout.fileno()))
    except (OSError, ValueError):
        return False


def _is_written_through(path: str) -> bool:
    try:
        return not stat.S_ISREG(Path(path).stat().st_mode)
    except OSError:
        return False


def _new(draft: Path) -> int:
    return os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)


@contextmanager
def _translated(path: str) -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise StorageUnavailable(f"{path} cannot be written: {error}") from error
