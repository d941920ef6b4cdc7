"""`plg config`."""

import click

from plg.entrypoints.cli.output import print_json, print_table
from plg.entrypoints.cli.session import read_settings


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def config(*, as_json: bool) -> None:
    """
    Print every setting with the value in force.

    Values come from the environment, else from .env, else they are defaults. Secrets are not
    printed: (set) stands for one that is there.
    """
    values = read_settings().describe()
    if as_json:
        print_json(values)
    else:
        print_table(values.items())
