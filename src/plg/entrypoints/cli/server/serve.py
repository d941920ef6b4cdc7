"""`plg serve`."""

import os

import click

from plg.entrypoints.cli.doctor.examine_identity import MAKE_ADMIN
from plg.entrypoints.cli.doctor.examine_settings import KEY_LENGTH_GOOD, MAKE_KEY
from plg.entrypoints.cli.server.gateway import run_gateway
from plg.entrypoints.cli.server.listening import origin
from plg.entrypoints.cli.session import read_settings_to_serve, read_variables
from plg.settings import Settings

ISSUE_KEY = 'plg keys issue --account you@example.org --name "first key"'


@click.command()
@click.option(
    "--resource",
    "resources",
    multiple=True,
    metavar="NAME=URL",
    help="Records to serve, such as 'products=http://127.0.0.1:8000/items/{sku}'; may be given "
    "again.",
)
def serve(*, resources: tuple[str, ...]) -> None:
    """
    Serve the API.

    Listens on API_HOST and API_PORT, in front of at least one source: EXTERNAL_API_BASE_URL,
    VEHICLE_API_BASE_URL, or what RESOURCES_FILE and --resource declare. At SIGTERM or Ctrl-C it
    finishes what is under way, writes what waits, and exits with 0.
    """
    if resources:  # in the environment, where worker processes find them too
        given = read_variables().given().get("RESOURCES", "")
        os.environ["RESOURCES"] = " ".join([given, *resources])
    settings = read_settings_to_serve()
    _warn_about_key(settings.access.service_key)
    run_gateway(settings, lambda: _announce(settings))


def _announce(settings: Settings) -> None:
    address = origin(settings.server.host, settings.server.port)
    click.echo(f"PLG answers on {address}", err=True)


def _warn_about_key(key: str | None) -> None:
    if key is None:
        click.echo(
            "No API_KEY is set: only keys and log-ins of accounts are let in. Make the first with\n"
            f"    {MAKE_ADMIN}\n    {ISSUE_KEY}",
            err=True,
        )
    elif len(key) < KEY_LENGTH_GOOD:
        click.echo(
            f"API_KEY has fewer than {KEY_LENGTH_GOOD} characters and may be guessed: "
            f"make a better one with\n    {MAKE_KEY}",
            err=True,
        )
