"""The command line in process, over a folder of its own and a simulated source."""

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from click.testing import CliRunner, Result
from structlog.testing import capture_logs

from plg.container import Container
from plg.entrypoints.cli.main import plg
from plg.entrypoints.simulator.app import Simulator, SimulatorConfig, create_simulator
from plg.settings import Settings
from tests.ports import reserved_port

SOURCE = "http://source.test"
NAMES = list(Settings.from_env({"RESOURCES_FILE": os.devnull}).describe())


@dataclass
class CommandLine:
    """
    Runs commands as a shell in `folder` would, with nothing but `env` set.

    The container is made anew for each; what it uses of the outside can be replaced.
    """

    folder: Path
    transport: httpx.AsyncBaseTransport
    env: dict[str, str | None] = field(default_factory=dict)
    vehicle_transport: httpx.AsyncBaseTransport | None = None
    change: Callable[[Container], object] = lambda _: None

    def __call__(self, *args: str, stdin: str | bytes | None = None) -> Result:
        unset: dict[str, str | None] = dict.fromkeys(NAMES)
        port = {"API_PORT": str(reserved_port())} if args[:1] == ("serve",) else {}
        runner = CliRunner(env={**unset, **port, **self.env})
        with capture_logs():
            return runner.invoke(plg, args, input=stdin, obj=self._container, prog_name="plg")

    @property
    def secret(self) -> str:
        """Return the secret key that was made with the data."""
        return (self.folder / "data" / "secret_key").read_text().strip()

    def json(self, *args: str) -> Any:  # noqa: ANN401 - any JSON
        result = self(*args, "--json")
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout)

    def _container(self, settings: Settings) -> Container:
        container = Container(settings=settings)
        container.set_up_logging.override(lambda _level: None)
        container.player_transport.override(self.transport)
        container.vehicles.transport.override(self.vehicle_transport or self.transport)
        self.change(container)
        return container


@pytest.fixture
def simulator() -> Simulator:
    return create_simulator(SimulatorConfig(seed=7))


@pytest.fixture
def fresh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, simulator: Simulator) -> CommandLine:
    """Return a command line in an empty folder."""
    monkeypatch.chdir(tmp_path)
    transport = httpx.ASGITransport(app=simulator)
    return CommandLine(tmp_path, transport, {"EXTERNAL_API_BASE_URL": SOURCE})


@pytest.fixture
def run(fresh: CommandLine, migrated: Path) -> CommandLine:
    """Return a command line in a folder with the data of an installation that nobody used yet."""
    shutil.copytree(migrated, fresh.folder / "data")
    return fresh
