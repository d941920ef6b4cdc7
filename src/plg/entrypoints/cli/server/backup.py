"""`plg backup`."""

import asyncio
from pathlib import Path

import click

from plg.application.ledger.verify_ledger import LedgerReport
from plg.container import Container, close
from plg.entrypoints.cli.failures import WrongUse
from plg.entrypoints.cli.ledger.ledger import report_view, summary
from plg.entrypoints.cli.output import print_json, size
from plg.entrypoints.cli.session import new_container, read_settings
from plg.settings import Settings


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help="Replace an existing file, but never one in use.")
@click.option("--no-verify", is_flag=True, help="Keep the copy without verifying its ledger.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def backup(*, file: Path, force: bool, no_verify: bool, as_json: bool) -> None:
    """
    Copy the durable database to a file, also while a gateway serves.

    FILE appears when it is complete and its ledger was verified; only its owner can read it. It has
    neither the secret nor the cache: back the secret up too, in another place.
    """
    settings = read_settings()
    refuse_server(settings)
    report = asyncio.run(
        _back_up(new_container(settings), file, replaces=force, verifies=not no_verify)
    )
    held = file.stat().st_size
    if as_json:
        print_json(
            {
                "file": str(file),
                "size_bytes": held,
                "ledger": None if report is None else report_view(report),
            }
        )
    else:
        click.echo(f"{file}: {size(held)}. {verdict(report)}")
    click.echo(secret_hint(settings), err=True)


def refuse_server(settings: Settings) -> None:
    """
    Say what copies a database on a server.

    Raises:
        WrongUse: If the durable database is on one.
    """
    if settings.storage.database_file is None:
        raise WrongUse(
            "DATABASE_URL leads to a server: copy the database with the server's own tools, such "
            "as pg_dump and pg_restore, or mariadb-dump and mariadb; `plg ledger verify` checks it."
        )


def verdict(report: LedgerReport | None) -> str:
    """Return what is known of the ledger in a copy."""
    return "Its ledger was not verified." if report is None else summary(report)


def secret_hint(settings: Settings) -> str:
    """Return what belongs to a backup and is not in it."""
    where = (
        settings.storage.data_dir / "secret_key"
        if settings.access.secret_key is None
        else "SECRET_KEY"
    )
    return (
        f"The secret is not in it: keep {where} as well, in another place. Without it no key, "
        "token or device of this database works."
    )


async def _back_up(
    container: Container, file: Path, *, replaces: bool, verifies: bool
) -> LedgerReport | None:
    try:
        report: LedgerReport | None = await container.backups().back_up(
            file, replaces=replaces, verifies=verifies
        )
        return report
    finally:
        await close(container)
