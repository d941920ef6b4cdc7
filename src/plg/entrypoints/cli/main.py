"""`plg`: everything an operator does from a shell."""

import click

from plg import __version__
from plg.entrypoints.cli.lazy_group import LazyGroup, Listed

COMMANDS = {
    "serve": Listed("server", "Serve the API."),
    "demo": Listed(
        "server", "Serve the API in front of a simulated source: nothing to set up.", needs="faker"
    ),
    "simulate": Listed(
        "server", "Run a simulated source of records that fails on demand.", needs="faker"
    ),
    "get": Listed("records", "Look a record up, as the API would, without HTTP."),
    "warm": Listed("records", "Fill the cache with the records of a list of ids."),
    "cache": Listed("records", "Look into the cache, empty it, move it."),
    "resources": Listed("records", "Declare kinds of records, and check what is declared."),
    "accounts": Listed("identity", "Make, list and deactivate accounts; let them in again."),
    "keys": Listed("identity", "Make, list, revoke, rotate and check API keys."),
    "devices": Listed("identity", "List and revoke the devices of an account."),
    "plans": Listed("plans", "Make plans, and say which plan and terms an account has."),
    "fleets": Listed("fleets", "Import sets of vehicles, and bind accounts to them."),
    "billing": Listed("ledger", "Close periods; show statements and notices; compare plans."),
    "ledger": Listed("ledger", "Check, archive and erase records of billable answers."),
    "backup": Listed("server", "Copy the durable database to a file, also while a gateway serves."),
    "restore": Listed("server", "Replace the durable database by a backup."),
    "migrate": Listed("server", "Bring the databases to the schema of this version."),
    "config": Listed("server", "Print every setting, its value, and where that comes from."),
    "doctor": Listed("doctor", "Check what PLG needs, and say what to do."),
}


@click.group(
    cls=LazyGroup,
    package="plg.entrypoints.cli",
    listed=COMMANDS,
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
