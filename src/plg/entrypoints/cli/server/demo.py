"""`plg demo`."""

import asyncio
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import click

from plg.entrypoints.cli.server.demo_keys import PARTNER, kept_key, partner_key
from plg.entrypoints.cli.server.gateway import run_gateway
from plg.entrypoints.cli.server.listening import LOOPBACK, origin, port_from, wait_until_listening
from plg.entrypoints.cli.server.simulated_source import address, simulated_source
from plg.entrypoints.cli.session import new_container, read_settings, read_variables
from plg.settings import Settings

READY: Final = """\
PLG answers on {gateway}, in front of a simulated source.

The service key has no plan and no limits:

    Key       {key}
    Try       curl -H "X-API-Key: {key}" {gateway}/api/v1/players/KB-000001
    Or        curl -H "X-API-Key: {key}" {gateway}/api/v1/vehicle/dynamic/WVWZZZE1ZMP000001

The key of a partner ({partner}) has a plan, with limits, a quota and prices:

    Key       {partner_key}
    Limits    curl -i -H "X-API-Key: {partner_key}" {gateway}/api/v1/players/KB-000001
    Usage     curl -H "X-API-Key: {partner_key}" {gateway}/api/v1/billing/usage
    Bill      curl -X POST -H "X-API-Key: {partner_key}" {gateway}/api/v1/billing/pay

    Read      {docs}
    Break     curl -X PUT {source}/_control -d '{{"error_ratio": 0.5, "latency": 0.2}}'

The players are KB-000001 to KB-001000; of vehicles there is one under any VIN that does
not end in 00. What the demonstration keeps is in {folder}. Ctrl-C stops it.\
"""

NOT_THE_OPERATORS: Final = (
    "DATABASE_URL",
    "CACHE_DATABASE_URL",
    "DEFAULT_PLAN",  # need not be among the demonstration's plans
    "PUBLIC_BASE_URL",
    "SMTP_HOST",  # its accounts are made up: mail goes to a folder
    "VEHICLE_API_BASE_URL",  # vehicles come from the same source
)
"""Settings that are the default's here, so that nothing real is touched."""


@dataclass(frozen=True, slots=True)
class _Demonstration:
    settings: Settings
    partner_key: str
    source: str


@click.command()
def demo() -> None:
    """
    Serve the API in front of a simulated source: nothing to set up.

    It prints two keys: the service key (API_KEY, or one that is made once), and the key of a
    partner on the plan of new accounts. All data is in {DATA_DIR}/demo, separate from that of
    `plg serve`. If API_PORT is taken, it uses the next free port.
    """
    with simulated_source() as port:
        shown = _prepared(address(port))

        def announce() -> None:
            if wait_until_listening(LOOPBACK, port):
                click.echo(_welcome(shown))

        run_gateway(shown.settings, announce)


def _prepared(source: str) -> _Demonstration:
    folder = read_settings().storage.data_dir / "demo"
    settings = _settings_for(source, folder)
    key = asyncio.run(partner_key(new_container(settings), folder / "partner_key"))
    return _Demonstration(settings, key, source)


def _settings_for(source: str, folder: Path) -> Settings:
    """Return the operator's settings with the demo's over them, also for worker processes."""
    given = read_variables().given()
    server = read_settings().server
    os.environ.update(dict.fromkeys(NOT_THE_OPERATORS, ""))
    os.environ["DATA_DIR"] = str(folder)
    os.environ["EXTERNAL_API_BASE_URL"] = source
    os.environ["LOG_FORMAT"] = given.get("LOG_FORMAT", "console")
    os.environ["API_KEY"] = given.get("API_KEY") or kept_key(folder / "service_key")
    os.environ["API_PORT"] = str(_port(server.host, server.port))
    return read_settings()


def _port(host: str, wanted: int) -> int:
    port = port_from(host, wanted)
    if port != wanted:
        click.echo(f"Port {wanted} of {host} is taken: this is port {port}.", err=True)
    return port


def _welcome(shown: _Demonstration) -> str:
    server = shown.settings.server
    gateway = origin(server.host, server.port)
    path = server.docs_path or "/api"
    return READY.format(
        gateway=gateway,
        key=shown.settings.access.service_key,
        partner=PARTNER,
        partner_key=shown.partner_key,
        docs="(none: DOCS_PATH is off)" if path == "off" else f"{gateway}{path}/docs",
        source=shown.source,
        folder=shown.settings.storage.data_dir,
    )
