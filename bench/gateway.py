"""PLG itself under measurement: its servers and its data folders."""

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from bench.lab import Lab
from bench.processes import BenchError, Server, free_port, running
from bench.records import API_KEY, fill_gateway

NOWHERE = "http://127.0.0.1:9"
COLD_MEMORY = {"CACHE_MEMORY_MAX_MIB": "0"}
COMMAND = (sys.executable, "-m", "plg", "serve")


def settings(data: Path, port: int, own: Mapping[str, str]) -> dict[str, str]:
    """Return PLG's environment: the service key, no request log, a source that is not there."""
    return {
        "API_PORT": str(port),
        "API_KEY": API_KEY,
        "DATA_DIR": str(data),
        "EXTERNAL_API_BASE_URL": NOWHERE,
        "REQUEST_LOG_RATIO": "0",
        "CACHE_TTL_SECONDS": "86400",
        **own,
    }


@contextmanager
def gateway(
    lab: Lab,
    data: Path,
    own: Mapping[str, str] | None = None,
    name: str = "plg",
    *,
    has_all_cores: bool = False,
) -> Iterator[Server]:
    """Run PLG on this data folder until it is not needed any more."""
    port = free_port()
    with running(
        name,
        COMMAND,
        port=port,
        folder=lab.workspace / name,
        core=None if has_all_cores else lab.server_core,
        environment=settings(data, port, own or {}),
    ) as server:
        server.wait_for("/health/live")
        yield server


def filled(lab: Lab, rows: int) -> Path:
    """Return a data folder that PLG has migrated, with this many players in its cache file."""
    data = lab.workspace / f"data-{rows}"
    if not data.exists():
        with gateway(lab, data, name="plg-migrating"):
            pass
        fill_gateway(data / "cache.sqlite3", rows)
    return data


@contextmanager
def simulator(lab: Lab, players: int, latency_seconds: float) -> Iterator[Server]:
    """Run `plg simulate`, which counts its calls, on the load's core."""
    port = free_port()
    command = [sys.executable, "-m", "plg", "simulate", "--port", str(port)]
    command += ["--players", str(players), "--latency", str(latency_seconds)]
    with running(
        "simulator", command, port=port, folder=lab.workspace / "simulator", core=lab.load_core
    ) as server:
        server.wait_for("/_stats")
        yield server


def check_gateway(lab: Lab) -> None:
    """
    Start PLG once, so that a gateway that does not run is said once and plainly.

    Raises:
        BenchError: With the server's last words.
    """
    try:
        filled(lab, 1)
    except BenchError as error:
        raise BenchError(
            f"PLG does not run here, only its peers can be measured.\n{error}"
        ) from error
