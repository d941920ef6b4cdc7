"""`plg demo`."""

import os
import secrets
from pathlib import Path

import click

from plg.domain.errors import StorageUnavailable
from plg.entrypoints.cli.gateway import run_gateway
from plg.entrypoints.cli.listening import LOOPBACK, origin, wait_until_listening
from plg.entrypoints.cli.session import read_settings
from plg.entrypoints.cli.simulated_source import address, simulated_source
from plg.settings import DOTENV, Settings, Variables

READY = """\
PLG answers on {gateway}, in front of a simulated source.

    API key   {key}
    Try       curl -H "X-API-Key: {key}" {gateway}/api/v1/players/KB-000001
    Or        curl -H "X-API-Key: {key}" {gateway}/api/v1/vehicle/dynamic/WVWZZZE1ZMP000001
    Read      {docs}
    Break     curl -X PUT {source}/_control -d '{{"error_ratio": 0.5, "latency": 0.2}}'

The players are KB-000001 to KB-001000; of vehicles there is one under any VIN that does
not end in 00. Ctrl-C stops both.\
"""


@click.command()
def demo() -> None:
    """
    Serve the API in front of a simulated source: nothing to set up.

    The key is made once and kept in {DATA_DIR}/demo_key, unless API_KEY is set. What the
    simulated source said is cached in a file of its own, demo_cache.sqlite3.
    """
    folder = read_settings().storage.data_dir
    with simulated_source() as port:
        settings = _settings_for(port, folder)

        def announce() -> None:
            if wait_until_listening(LOOPBACK, port):
                click.echo(_welcome(settings, address(port)))

        run_gateway(settings, announce)


def _settings_for(source_port: int, folder: Path) -> Settings:
    """Return the operator's settings with the demo's over them, also for worker processes."""
    variables = Variables.read(os.environ, DOTENV).given()
    os.environ["EXTERNAL_API_BASE_URL"] = address(source_port)
    os.environ["VEHICLE_API_BASE_URL"] = ""  # vehicles come from there too
    os.environ["CACHE_DATABASE_URL"] = f"sqlite+aiosqlite:///{folder}/demo_cache.sqlite3"
    os.environ["LOG_FORMAT"] = variables.get("LOG_FORMAT", "console")
    os.environ["API_KEY"] = variables.get("API_KEY") or kept_key(folder / "demo_key")
    return read_settings()


def kept_key(path: Path) -> str:
    """
    Return the key in the file, which is made with a new one where it is missing.

    Raises:
        StorageUnavailable: If it can be neither read nor made.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            _write_new(path, secrets.token_urlsafe(24))
        return path.read_text().strip()
    except OSError as error:
        raise StorageUnavailable(f"the demo's key {path} cannot be kept: {error}") from error


def _write_new(path: Path, key: str) -> None:
    """Write the whole file or nothing, readable by its owner only."""
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(f"{key}\n")
    draft.replace(path)


def _welcome(settings: Settings, source: str) -> str:
    gateway = origin(settings.server.host, settings.server.port)
    path = settings.server.docs_path or "/api"
    docs = "(none: DOCS_PATH is off)" if path == "off" else f"{gateway}{path}/docs"
    return READY.format(gateway=gateway, key=settings.access.service_key, docs=docs, source=source)
