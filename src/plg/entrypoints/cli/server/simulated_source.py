"""A simulated source as a child process."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from plg.entrypoints.cli.server.listening import LOOPBACK, free_port

STOP_SECONDS = 5.0


@contextmanager
def simulated_source() -> Iterator[int]:
    """
    Run `plg simulate` beside this process, and give its port.

    It lives as long as the pipe to its standard input: it ends with this process, also when
    that is killed, and not before, as Ctrl-C does not reach it.
    """
    port = free_port()
    command = [sys.executable, "-m", "plg", "simulate", "--port", str(port), "--until-stdin-ends"]
    with subprocess.Popen(  # noqa: S603 - our own command
        command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, start_new_session=True
    ) as child:
        try:
            yield port
        finally:
            _end(child)


def address(port: int) -> str:
    """Return the base address of the source on that port."""
    return f"http://{LOOPBACK}:{port}"


def _end(child: subprocess.Popen[bytes]) -> None:
    if child.stdin is not None:
        child.stdin.close()
    try:
        child.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()
