"""
`plg` as processes that begin where its modules are loaded already.

Loading them takes longer than most commands. The first command of a test process starts a server
that loads them once and forks from then on; apart from that a command is what a shell starts: a
process with its own signals, streams, folder and environment.
"""

import json
import os
import runpy
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from multiprocessing import get_context
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess
from multiprocessing.reduction import DupFd
from pathlib import Path
from threading import Thread
from types import TracebackType
from typing import Any, Final, Protocol, Self

from plg.settings import Settings

_LOADED: Final = ["plg.entrypoints.http.serving", "plg.entrypoints.simulator.app", "tests.commands"]
_processes: Final = get_context("forkserver")
_processes.set_forkserver_preload(_LOADED)


class Stream(Protocol):
    """A file that a process can have as its own."""

    def fileno(self) -> int: ...


def bare_environment(own: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of the tests without any setting of PLG but `own`."""
    settings = Settings.from_env({}).describe()
    return {name: value for name, value in os.environ.items() if name not in settings} | dict(own)


class Command:
    """
    A `plg` command under way; used as `subprocess.Popen` is.

    Args:
        is_leader: Whether it has a session, and so a group of processes, of its own.
    """

    def __init__(
        self,
        args: Sequence[str],
        *,
        cwd: Path,
        env: Mapping[str, str],
        stdin: int | None = None,
        stdout: Stream,
        stderr: Stream,
        is_leader: bool = False,
    ) -> None:
        own = os.open(os.devnull, os.O_RDONLY) if stdin is None else stdin
        streams = [DupFd(fd) for fd in (own, stdout.fileno(), stderr.fileno())]
        work = (list(args), str(cwd), dict(env), streams, is_leader)
        self._process: BaseProcess = _processes.Process(target=_run, args=work)
        self._process.start()
        if stdin is None:
            os.close(own)

    @property
    def pid(self) -> int:
        assert self._process.pid is not None
        return self._process.pid

    def poll(self) -> int | None:
        """Return the exit status, negative for a signal; None while it runs."""
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        wait([self._process.sentinel], timeout)
        if self._process.exitcode is None:
            raise subprocess.TimeoutExpired("plg", timeout or 0)
        return self._process.exitcode

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.wait()
        self._process.close()


_SHIM: Final = """#!{python} -IS
import json, os, signal, socket, sys
here = socket.socket(socket.AF_UNIX)
here.connect({address!r})
asked = json.dumps([sys.argv[1:], os.getcwd(), dict(os.environ)]).encode()
socket.send_fds(here, [asked + b"\\n"], [0, 1, 2])
answers = here.makefile()
pid = int(answers.readline())
for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
    signal.signal(number, lambda number, _: os.kill(pid, number))
sys.exit(int(answers.readline()))
"""


@contextmanager
def plg_on_path(folder: Path) -> Iterator[Path]:
    """Make a folder with a `plg` for shells; what it began ends with the context."""
    address = str(folder / "plg.socket")
    under_way: list[Command] = []
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(address)
        listening.listen()
        accepting = Thread(target=_accept, args=(listening, under_way), daemon=True)
        accepting.start()
        script = folder / "plg"
        script.write_text(_SHIM.format(python=sys.executable, address=address))
        script.chmod(0o755)
        yield folder
        listening.shutdown(socket.SHUT_RDWR)
        accepting.join()
    for command in under_way:
        command.kill()


def _accept(listening: socket.socket, under_way: list[Command]) -> None:
    with suppress(OSError):  # it is closed
        while True:
            client, _ = listening.accept()
            asked, fds, _, _ = socket.recv_fds(client, 1_000_000, 3)
            while not asked.endswith(b"\n"):
                asked += client.recv(1_000_000)
            args, cwd, env = json.loads(asked)
            streams = [open(fd, "rb", buffering=0) for fd in fds]  # noqa: SIM115, PTH123
            command = Command(
                args, cwd=Path(cwd), env=env, stdin=fds[0], stdout=streams[1], stderr=streams[2]
            )
            under_way.append(command)
            for stream in streams:
                stream.close()
            client.sendall(f"{command.pid}\n".encode())
            Thread(target=_tell_end, args=(client, command), daemon=True).start()


def _tell_end(client: socket.socket, command: Command) -> None:
    status = command.wait()
    with client, suppress(OSError):  # who asked is gone
        client.sendall(f"{status if status >= 0 else 128 - status}\n".encode())


def _run(
    args: list[str], folder: str, env: dict[str, str], streams: list[Any], is_leader: bool
) -> None:
    for number, stream in enumerate(streams):
        os.dup2(stream.detach(), number)
    sys.stdin, sys.stdout, sys.stderr = (
        open(number, mode, encoding="utf-8", closefd=False, buffering=1)  # noqa: SIM115
        for number, mode in enumerate(("r", "w", "w"))
    )
    if is_leader:
        os.setsid()
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(env)
    sys.argv = ["plg", *args]
    runpy.run_module("plg", run_name="__main__", alter_sys=True)
