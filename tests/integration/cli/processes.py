"""Commands as processes, where signals, ports and pipes matter."""

import signal
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from tests.commands import Command, bare_environment

T = TypeVar("T")
PATIENCE_SECONDS = 120.0
POLL_SECONDS = 0.02


@dataclass(frozen=True)
class Running:
    """A command under way; what it prints is in two files."""

    process: Command
    out: Path
    err: Path

    @property
    def stdout(self) -> str:
        return self.out.read_text()

    @property
    def stderr(self) -> str:
        return self.err.read_text()

    def end(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Send the signal, and return the exit status."""
        self.process.send_signal(number)
        return self.wait()

    def wait(self) -> int:
        return self.process.wait(PATIENCE_SECONDS)

    def until(self, look: Callable[[], T | None]) -> T:
        """Return what `look` finds as soon as it finds something, while the process runs."""
        end = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < end:
            found = look()
            if found:
                return found
            if self.process.poll() is not None:
                break
            time.sleep(POLL_SECONDS)
        raise AssertionError(f"it did not come to that: {self.stdout}{self.stderr}")


@contextmanager
def started(
    folder: Path, *args: str, env: Mapping[str, str], stdin: int | None = None
) -> Iterator[Running]:
    """Run `plg` with these arguments in the folder, with nothing set but `env`."""
    number = len(list(folder.glob("out-*")))
    out, err = folder / f"out-{number}", folder / f"err-{number}"
    with (
        out.open("wb") as stdout,
        err.open("wb") as stderr,
        Command(
            args, cwd=folder, env=bare_environment(env), stdin=stdin, stdout=stdout, stderr=stderr
        ) as process,
    ):
        try:
            yield Running(process, out, err)
        finally:
            process.kill()
