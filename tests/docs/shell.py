"""
Run the `console` blocks of a page as a reader would: in order, in one shell, in an empty folder.

A line that begins with `$ ` is a command, and goes on in lines that begin with `> `. What follows
is its whole output; `...` stands for any text in a line, and alone for any lines. Nothing below a
command: its output does not matter. Every command must succeed.

A command that serves until it is stopped, and that the page does not send to the background, is
sent there by us.
"""

import contextlib
import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.commands import plg_on_path
from tests.docs.pages import ROOT, Page
from tests.docs.world import all_settings
from tests.ports import reserved_port

SESSION_SECONDS = 300
LIVE = "curl -so /dev/null localhost:9600/health/live"
WAIT = f"for _ in $(seq 300); do {LIVE} && break; sleep 0.1; done"
SERVES = re.compile(r"plg (serve|demo)\b[^&]*")
_MARK = "@@@"


@dataclass(frozen=True, slots=True)
class Step:
    """A command, and the output that the page shows under it."""

    command: str
    expected: str

    def run_as(self) -> str:
        if SERVES.fullmatch(self.command):
            return f"{self.command} > serving.log 2>&1 &\n{WAIT}"
        return self.command

    def is_met_by(self, output: str) -> bool:
        if not self.expected:
            return True
        pattern = "".join(
            r"(?:.*\n)*" if line == "...\n" else re.escape(line).replace(r"\.\.\.", ".*")
            for line in self.expected.splitlines(keepends=True)
        )
        return re.fullmatch(pattern, output) is not None


@dataclass(frozen=True, slots=True)
class Result:
    step: Step
    status: int
    output: str


def steps_of(page: Page) -> list[Step]:
    """Return the steps of all `console` blocks."""
    steps: list[Step] = []
    for fence in page.fences("console"):
        parts = re.split(r"^\$ ", fence.text, flags=re.MULTILINE)
        assert not parts[0], f"a console block of {page.path.name} begins without a command"
        for part in parts[1:]:
            found = re.match(r"([^\n]*\n(?:> [^\n]*\n)*)(.*)", part, re.DOTALL)
            assert found is not None
            command = re.sub(r"^> ", "", found[1].strip(), flags=re.MULTILINE)
            steps.append(Step(command, found[2]))
    return steps


def targets_of_makefile() -> set[str]:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    return set(re.findall(r"^([a-z-]+):", text, re.MULTILINE))


def environment(folder: Path, port: int, plg: Path) -> dict[str, str]:
    """Return ours without any setting of PLG, with `plg` on the path and a free port."""
    kept = {name: value for name, value in os.environ.items() if name not in all_settings()}
    path = f"{plg}{os.pathsep}{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return {**kept, "PATH": path, "HOME": str(folder), "TMPDIR": str(folder), "API_PORT": str(port)}


@contextlib.contextmanager
def started(command: list[str], folder: Path, port: int, output: Path) -> Iterator[int]:
    """Run a command in a session of its own, and end whatever is left of it."""
    with (
        output.open("wb") as sink,
        tempfile.TemporaryDirectory() as own,
        plg_on_path(Path(own)) as plg,
    ):
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=environment(folder, port, plg),
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            yield process.pid
            process.wait(SESSION_SECONDS)
        finally:
            _end(process)


def run(steps: list[Step], folder: Path, replaced: Mapping[str, str]) -> list[Result]:
    """Run the steps with some of their text replaced, and return what came of each."""
    port = reserved_port()
    replaced = {**replaced, "9600": str(port), "9700": str(reserved_port())}
    script = "".join(f"{step.run_as()}\nprintf '\\n{_MARK} %s\\n' $?\n" for step in steps)
    for old, new in replaced.items():
        script = script.replace(old, new)
    (folder / "session.sh").write_text(script, encoding="utf-8")
    with started(["bash", "session.sh"], folder, port, folder / "session.log"):
        pass
    text = (folder / "session.log").read_text(encoding="utf-8")
    for old, new in replaced.items():
        text = text.replace(new, old)
    found = re.findall(rf"(.*?)\n{_MARK} (\d+)\n", text, re.DOTALL)
    return [
        Result(step, int(status), _ended(output))
        for step, (output, status) in zip(steps, found, strict=True)
    ]


def _ended(output: str) -> str:
    return output if not output or output.endswith("\n") else f"{output}\n"


def _end(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(10)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
