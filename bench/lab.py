"""Where rows are measured: a workspace, two cores, a load generator, a plan."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from bench.load.job import LoadGenerator
from bench.peers.uvicorn import uvicorn_command
from bench.processes import Server, free_port, running


@dataclass(frozen=True, slots=True)
class Plan:
    """How long and how often is measured."""

    rounds: int
    seconds: int
    is_quick: bool

    def scaled(self, count: int) -> int:
        """Return a count of rows, a tenth of it in a quick run."""
        return count // 10 if self.is_quick else count


@dataclass(frozen=True, slots=True)
class Lab:
    """What every row works with."""

    workspace: Path
    plan: Plan
    load: LoadGenerator
    server_core: int | None
    load_core: int | None

    def asgi(
        self, name: str, app: str, *options: str, is_load: bool = False, **environment: str
    ) -> AbstractContextManager[Server]:
        """Run an app on uvicorn, on the server's core or, as part of the load, on the other."""
        port = free_port()
        return running(
            name,
            [*uvicorn_command(app, port), *options],
            port=port,
            folder=self.workspace / name,
            core=self.load_core if is_load else self.server_core,
            environment=environment,
        )
