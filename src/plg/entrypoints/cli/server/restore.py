"""`plg restore`."""

import asyncio
from pathlib import Path

import click

from plg.application.backups.restore import Restored
from plg.container import Container, close
from plg.entrypoints.cli.ledger.ledger import report_view
from plg.entrypoints.cli.output import print_json
from plg.entrypoints.cli.server.backup import refuse_server, verdict
from plg.entrypoints.cli.session import new_container, read_settings


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--no-verify", is_flag=True, help="Restore it without verifying its ledger.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def restore(*, file: Path, no_verify: bool, as_json: bool) -> None:
    """
    Replace the durable database by a backup.

    Stop the gateway first. FILE, made by `plg backup`, is copied, migrated and verified before
    anything is replaced. The database that was there is kept under another name. The secret must be
    the one that FILE was written with.
    """
    settings = read_settings()
    refuse_server(settings)
    restored = asyncio.run(_restore(new_container(settings), file, verifies=not no_verify))
    if as_json:
        report = restored.report
        print_json(
            {
                "kept": None if restored.kept is None else str(restored.kept),
                "ledger": None if report is None else report_view(report),
            }
        )
        return
    click.echo(f"{file} is in place. {verdict(restored.report)}")
    if restored.kept is not None:
        click.echo(f"What was there before is kept as {restored.kept}.")
    click.echo("What was revoked since that backup is good again: revoke it once more.", err=True)


async def _restore(container: Container, file: Path, *, verifies: bool) -> Restored:
    try:
        restored: Restored = await container.backups().restore(file, verifies=verifies)
        return restored
    finally:
        await close(container)
