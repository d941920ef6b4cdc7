"""A PostgreSQL server of a test's own, which it may stop, kill and freeze."""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

_BINARIES = sorted(Path("/usr/lib/postgresql").glob("*/bin"))


class OwnPostgresql:
    """
    Listens on a socket in its folder, and on no port.

    A server does not run as root: where tests do, it is the user `postgres`.
    """

    def __init__(self, folder: Path) -> None:
        self._bin = _BINARIES[-1]
        self._folder = folder
        self._data = folder / "data"
        self._user = "postgres" if os.geteuid() == 0 else None
        self.url = f"postgresql+psycopg://postgres@/postgres?host={folder}"

    def make(self) -> None:
        """Make its data."""
        if self._user is not None:
            shutil.chown(self._folder, self._user)
        self._run("initdb", "--auth=trust", "--username=postgres", "--no-sync", str(self._data))

    def start(self) -> None:
        options = f"-c listen_addresses= -c unix_socket_directories={self._folder}"
        self._control("start", "--wait", "--log", str(self._folder / "log"), "--options", options)

    def stop(self, mode: str = "immediate") -> None:
        """End it, as a kill does unless told otherwise."""
        self._control("stop", "--wait", "--mode", mode)

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Let none of its processes do anything."""
        pids = self._pids()
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            for pid in pids:
                os.kill(pid, signal.SIGCONT)

    def _pids(self) -> list[int]:
        first = int((self._data / "postmaster.pid").read_text().split()[0])
        numbers = (int(each.name) for each in Path("/proc").iterdir() if each.name.isdigit())
        return [first, *(each for each in numbers if _parent_of(each) == first)]

    def _control(self, *arguments: str) -> None:
        self._run("pg_ctl", "--silent", "--pgdata", str(self._data), *arguments)

    def _run(self, command: str, *arguments: str) -> None:
        subprocess.run(
            [str(self._bin / command), *arguments],
            check=True,
            user=self._user,
            cwd="/",
            stdout=subprocess.DEVNULL,
        )


def _parent_of(pid: int) -> int | None:
    try:
        status = Path("/proc", str(pid), "stat").read_text()
    except OSError:  # it has ended
        return None
    return int(status.rpartition(")")[2].split()[1])


@contextmanager
def own_postgresql() -> Iterator[OwnPostgresql]:
    """Have one that runs; skip where it is not installed."""
    if not _BINARIES:
        reason = "postgresql does not answer: it is not installed"
        if os.environ.get("SERVICES_REQUIRED"):
            pytest.fail(reason)
        pytest.skip(reason)
    folder = Path(tempfile.mkdtemp(prefix="plg-"))  # a socket's path is short
    server = OwnPostgresql(folder)
    try:
        server.make()
        server.start()
        yield server
        server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
