"""Servers under measurement: started on one core, watched, always ended by pid."""

import os
import random
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.wire import fetch

ROOT = Path(__file__).resolve().parent.parent
_START_SECONDS = 30
_STOP_SECONDS = 10
_PORTS = range(20_000, 32_000)
_INHERITED = ("PATH", "HOME", "LANG", "TMPDIR", "SYSTEMROOT", "VIRTUAL_ENV")


class BenchError(Exception):
    """A server or a load did not do what the row needs."""


@dataclass(frozen=True, slots=True)
class Server:
    """A running server process."""

    name: str
    port: int
    process: "subprocess.Popen[bytes]"
    log: Path

    def wait_for(self, path: str, headers: Mapping[str, str] | None = None) -> None:
        """Return once the path answers 200, however long the start took."""
        until = time.monotonic() + _START_SECONDS
        while time.monotonic() < until:
            if self.process.poll() is not None:
                break
            if fetch(self.port, path, headers).status == 200:
                return
            time.sleep(0.005)
        answer = fetch(self.port, path, headers)
        msg = f"{self.name}: {path} answers {answer.status or 'nothing'}: {self.last_words()}"
        raise BenchError(msg)

    def last_words(self) -> str:
        """Return the end of what the server printed."""
        return self.log.read_text(encoding="utf-8", errors="replace")[-800:].strip()


@contextmanager
def on_core(core: int | None) -> Iterator[None]:
    """Let processes started inside inherit this core; None chooses nothing."""
    if core is None:
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


@contextmanager
def running(
    name: str,
    command: Sequence[str],
    *,
    port: int,
    folder: Path,
    core: int | None,
    environment: Mapping[str, str] | None = None,
) -> Iterator[Server]:
    """Run a server in its folder, with none of our own settings in its environment."""
    folder.mkdir(parents=True, exist_ok=True)
    log = folder / f"{name}.log"
    with log.open("ab") as output, on_core(core):
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=_environment(environment or {}),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        yield Server(name, port, process, log)
    finally:
        _stop(process)


def free_port() -> int:
    """Return a free loopback port below the range that outgoing connections use."""
    for port in random.sample(_PORTS, len(_PORTS)):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    msg = "no free port"
    raise BenchError(msg)


def _environment(own: Mapping[str, str]) -> dict[str, str]:
    inherited = {name: os.environ[name] for name in _INHERITED if name in os.environ}
    path = os.pathsep.join((str(ROOT), str(ROOT / "src")))
    return {**inherited, "PYTHONPATH": path, **own}


def _stop(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
