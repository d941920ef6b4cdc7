"""`plg simulate`."""

import os
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import click
import uvicorn

from plg.entrypoints.cli.failures import WrongUse
from plg.entrypoints.cli.ranges import Finite
from plg.entrypoints.cli.server.listening import LOOPBACK, check_free, origin, wait_until_listening
from plg.entrypoints.cli.session import read_variables
from plg.entrypoints.simulator.app import Simulator, SimulatorConfig, create_simulator
from plg.entrypoints.simulator.faults import BadControl, Faults
from plg.settings.resources.catalogue import NOTHING, HttpSource
from plg.settings.resources.file import read_catalogue

RATIO = Finite(0, 1)
SECONDS = Finite(min=0)
SHUTDOWN_SECONDS = 2


@click.command()
@click.option("--host", default=LOOPBACK, show_default=True, help="Address to listen on.")
@click.option(
    "--port",
    default=9700,
    show_default=True,
    type=click.IntRange(1, 65535),
    help="Port to listen on.",
)
@click.option("--seed", default=1, show_default=True, help="Seed of records and faults.")
@click.option(
    "--players", type=int, help="Number of players: KB-000001 and so on.  [default: 1000]"
)
@click.option("--latency", type=SECONDS, help="Seconds that an answer takes.")
@click.option("--jitter", type=SECONDS, help="Seconds that it may take more or less.")
@click.option("--error-ratio", type=RATIO, help="Share of calls answered by 500, 502, 503 or 504.")
@click.option("--timeout-ratio", type=RATIO, help="Share of calls that are not answered.")
@click.option("--garbage-ratio", type=RATIO, help="Share of answers that break the contract.")
@click.option("--disconnect-ratio", type=RATIO, help="Share of answers cut off half-way.")
@click.option("--rate-limit-ratio", type=RATIO, help="Share of calls answered by 429.")
@click.option(
    "--etag/--no-etag", default=None, help="Whether answers carry an ETag.  [default: yes]"
)
@click.option(
    "--resources",
    "resources_file",
    type=click.Path(path_type=Path),
    help="A file of declared resources, to serve their records too.",
)
@click.option("--until-stdin-ends", is_flag=True, hidden=True)
def simulate(
    *,
    host: str,
    port: int,
    seed: int,
    resources_file: Path | None,
    until_stdin_ends: bool,
    **faults: float | bool | None,
) -> None:
    """
    Run a simulated source of records that fails on demand.

    GET /_control shows how it behaves, PUT /_control changes that while it runs, and
    GET /_stats counts the calls.
    """
    given = {name: value for name, value in faults.items() if value is not None}
    catalogue = NOTHING
    if resources_file is not None:
        catalogue = read_catalogue(resources_file, read_variables().given())
    http = {name: each for name, each in catalogue.sources.items() if isinstance(each, HttpSource)}
    try:
        simulator = create_simulator(
            SimulatorConfig(
                seed=seed,
                faults=Faults().changed(given),
                declared=catalogue.resources,
                base_urls={name: each.base_url for name, each in http.items()},
            )
        )
    except BadControl as error:
        raise WrongUse(f"{error}.") from error
    check_free(host, port)
    server = uvicorn.Server(_config(simulator, host, port))
    if until_stdin_ends:
        _in_background(lambda: _stop_with_stdin(server))
    else:
        _in_background(lambda: _announce(simulator, host, port))
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)  # uvicorn raises it once more when it has drained
    server.run()


def _config(simulator: Simulator, host: str, port: int) -> uvicorn.Config:
    return uvicorn.Config(
        simulator,
        host=host,
        port=port,
        ws="none",
        lifespan="off",
        log_config=None,
        log_level="critical",
        access_log=False,
        timeout_graceful_shutdown=SHUTDOWN_SECONDS,
    )


def _announce(simulator: Simulator, host: str, port: int) -> None:
    if wait_until_listening(host, port):
        count = simulator.faults.players
        click.echo(f"Simulated source with {count} players on {origin(host, port)}", err=True)
        for name, path in simulator.declared_paths.items():
            click.echo(f"{name} under {origin(host, port)}{path}", err=True)


def _stop_with_stdin(server: uvicorn.Server) -> None:
    """Stop when whoever holds the other end has gone, however it went."""
    while os.read(sys.stdin.fileno(), 4096):
        pass
    server.should_exit = True


def _in_background(work: Callable[[], None]) -> None:
    threading.Thread(target=work, daemon=True).start()
