"""`plg config`."""

import click

from plg.entrypoints.cli.output import print_json, print_list
from plg.entrypoints.cli.session import read_settings, read_variables


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def config(*, as_json: bool) -> None:
    """
    Print every setting, its value, and where that comes from.

    A value comes from the environment, .env or the default. Secrets are shown as `(set)`.
    """
    values, origin = read_settings().describe(), read_variables().origin
    if as_json:
        print_json(values)
    else:
        print_list(
            ("setting", "value", "from"),
            ((name, value, origin(name)) for name, value in values.items()),
        )
