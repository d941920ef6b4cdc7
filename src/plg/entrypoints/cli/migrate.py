"""`plg migrate`."""

import asyncio

import click

from plg.application.ports.health import Schema
from plg.container import Container, close, prepare
from plg.entrypoints.cli.output import print_json
from plg.entrypoints.cli.session import new_container, read_settings

LINES = ("durable", "cache")


@click.command()
@click.option("--line", type=click.Choice(LINES), help="Only this version line.  [default: both]")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def migrate(*, line: str | None, as_json: bool) -> None:
    """
    Bring the databases to the schema of this version.

    `durable` is what must not be lost, `cache` what can be fetched again. `plg serve` does
    it by itself for embedded databases.
    """
    settings = read_settings()
    container = new_container(settings, log_level=settings.log.level)
    steps = asyncio.run(_migrate(container, line))
    if as_json:
        print_json({name: {"from": old.current, "to": old.newest} for name, old in steps.items()})
        return
    for name, old in steps.items():
        way = f"at {old.newest} already" if old.is_current else f"{old.current} -> {old.newest}"
        click.echo(f"{name}: {way}")


async def _migrate(container: Container, line: str | None) -> dict[str, Schema]:
    lines = LINES if line is None else (line,)
    schemas = container.schemas()
    try:
        before = {name: await schemas[name].read() for name in lines}
        await prepare(container, line)
    finally:
        await close(container)
    return before
