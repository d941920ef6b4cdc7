"""Gateways that serve from a data folder, each with a file there that it holds a lock on."""

import fcntl
import os
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from plg.application.ports.gateways import GatewaysPort
from plg.domain.errors import StorageUnavailable

_SUFFIX: Final = ".gateway"
_RESTORING: Final = "a restore is under way in {}: wait until it is done"
_RUNNING: Final = "a gateway serves from {}: stop it first"


class LockedGateways(GatewaysPort):
    """
    Locks end with their process, however it ends.

    The folder itself is locked too: shared by all processes that serve, exclusively by what must
    not run beside them.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @contextmanager
    def serving(self) -> Iterator[Sequence[int]]:
        with self.working():
            path = self._folder / f"{os.getpid()}-{secrets.token_hex(4)}{_SUFFIX}"
            with _translated(path):
                others = self.running()
                self._forget_ended()
                file = _locked_file(path)
            try:
                yield others
            finally:
                path.unlink(missing_ok=True)
                os.close(file)

    @contextmanager
    def working(self) -> Iterator[None]:
        with self._locked(fcntl.LOCK_SH, _RESTORING):
            yield

    @contextmanager
    def none(self) -> Iterator[None]:
        with self._locked(fcntl.LOCK_EX, _RUNNING):
            yield

    def running(self) -> Sequence[int]:
        return sorted(
            int(path.name.partition("-")[0])
            for path in self._folder.glob(f"*{_SUFFIX}")
            if _is_held(path)
        )

    def _forget_ended(self) -> None:
        for path in self._folder.glob(f"*{_SUFFIX}"):
            if not _is_held(path):
                path.unlink(missing_ok=True)

    @contextmanager
    def _locked(self, kind: int, refusal: str) -> Iterator[None]:
        with _translated(self._folder):
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            file = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            with _translated(self._folder, refusal):
                fcntl.flock(file, kind | fcntl.LOCK_NB)
            yield
        finally:
            os.close(file)


def _locked_file(path: Path) -> int:
    """Make a file that has its lock from the moment on that others see it."""
    unseen = path.with_suffix(".new")
    file = os.open(unseen, os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    unseen.rename(path)
    return file


def _is_held(path: Path) -> bool:
    """Tell whether the process that made a file lives."""
    try:
        file = os.open(path, os.O_RDONLY)
    except OSError:
        return False
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    else:
        return False
    finally:
        os.close(file)


@contextmanager
def _translated(path: Path, refusal: str = "") -> Iterator[None]:
    try:
        yield
    except BlockingIOError as error:
        raise StorageUnavailable(refusal.format(path.parent)) from error
    except OSError as error:
        raise StorageUnavailable(f"{path} cannot be written: {error}") from error
