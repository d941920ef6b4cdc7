"""`plg migrate`."""

import click

from plg.application.ports.health import SchemaPort
from plg.container import Container, await_servers, close, prepare
from plg.domain.errors import StorageUnavailable
from plg.entrypoints.cli.command import runs
from plg.entrypoints.cli.output import print_json
from plg.entrypoints.cli.session import new_container, read_settings

LINES = ("durable", "cache")


@click.command()
@click.option("--line", type=click.Choice(LINES), help="Only this version line.  [default: both]")
@click.option(
    "--wait",
    "wait_seconds",
    metavar="SECONDS",
    type=click.FloatRange(0, 3600),
    default=0.0,
    help="How long a database server has to come up.  [default: 0]",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@runs
async def migrate(*, line: str | None, wait_seconds: float, as_json: bool) -> None:
    """
    Bring the databases to the schema of this version.

    `durable` is what must not be lost, `cache` what can be fetched again. `plg serve` does
    it by itself for embedded databases; for those on a server run this before a new version
    serves. Of several that are started at once, one does it, and the others wait for it.
    """
    settings = read_settings()
    container = new_container(settings, log_level=settings.log.level)
    steps = await _migrate(container, line, wait_seconds)
    if as_json:
        print_json({name: {"from": old, "to": new} for name, (old, new) in steps.items()})
        return
    for name, (old, new) in steps.items():
        click.echo(f"{name}: {_step(old, new)}")


def _step(old: str | None, new: str) -> str:
    if old is None:
        return f"made at {new}"
    return f"at {new} already" if old == new else f"from {old} to {new}"


async def _migrate(
    container: Container, line: str | None, wait_seconds: float
) -> dict[str, tuple[str | None, str]]:
    schemas = {name: container.schemas()[name] for name in (LINES if line is None else (line,))}
    try:
        await await_servers(container, wait_seconds, line)
        before = {name: await _revision(schema) for name, schema in schemas.items()}
        await prepare(container, line, wait_seconds=0, migrates_servers=True)
        return {name: (before[name], (await schemas[name].read()).newest) for name in schemas}
    finally:
        await close(container)


async def _revision(schema: SchemaPort) -> str | None:
    try:
        return (await schema.read()).current
    except StorageUnavailable:
        return None  # whether that can be mended is for the migration to find out
