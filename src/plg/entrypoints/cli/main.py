"""`plg`: everything an operator does from a shell."""

import click

from plg import __version__
from plg.entrypoints.cli.lazy_group import LazyGroup

COMMANDS = {
    "serve": "Serve the API.",
    "demo": "Serve the API in front of a simulated source: nothing to set up.",
    "simulate": "Run a simulated source of records that fails on demand.",
    "get": "Look a record up, as the API would, without HTTP.",
    "warm": "Fill the cache with the records of a list of ids.",
    "cache": "Look into the cache, empty it, move it.",
    "accounts": "Make, list and deactivate accounts; let them in again.",
    "keys": "Make, list, revoke, rotate and check API keys.",
    "devices": "List and revoke the devices of an account.",
    "plans": "Make plans, and say which plan and terms an account has.",
    "fleets": "Import sets of vehicles, and bind accounts to them.",
    "billing": "Close periods; show statements and notices; compare plans.",
    "ledger": "Check, archive and erase records of billable answers.",
    "backup": "Copy the durable database to a file, also while a gateway serves.",
    "restore": "Put a backup in the place of the durable database.",
    "migrate": "Bring the databases to the schema of this version.",
    "config": "Print every setting, its value, and where that comes from.",
    "doctor": "Check what PLG stands on, and say what to do.",
}


@click.group(
    cls=LazyGroup,
    package="plg.entrypoints.cli",
    summaries=COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(__version__, prog_name="plg", message="%(prog)s %(version)s")
def plg() -> None:
    """
    A cached, keyed, metered read API in front of a slow, private or fragile source.

    Settings come from the environment and from a .env file in the working directory: see
    `plg config`. Try `plg demo` first.

    Exit status: 0 done, 1 failed, 2 wrong use or settings, 3 no match.
    """


def main() -> None:
    """Run the command that the arguments name."""
    plg(prog_name="plg")
