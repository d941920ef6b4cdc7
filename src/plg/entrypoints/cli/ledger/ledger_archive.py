"""`plg ledger archive`."""

from collections.abc import Mapping
from pathlib import Path

import click

from plg.application.ledger.archive_ledger import ArchiveReport
from plg.domain.audit import OPERATOR
from plg.domain.ledger.archives import Checkpoint
from plg.entrypoints.cli.command import runs
from plg.entrypoints.cli.failures import WrongUse
from plg.entrypoints.cli.identity.key_owners import emails_of, find_account
from plg.entrypoints.cli.ledger.ledger_lines import difference_view, line_of
from plg.entrypoints.cli.output import counted, print_json, print_list
from plg.entrypoints.cli.plans.plan_options import TIME
from plg.entrypoints.cli.session import session


@click.command()
@click.option("--all", "is_all", is_flag=True, help="Every account.")
@click.option("--account", "who", metavar="EMAIL|ID", help="This account.")
@click.option(
    "--before",
    type=TIME,
    required=True,
    help="Only statements closed before this time, at least three days ago.",
)
@click.option(
    "--to",
    "folder",
    metavar="FOLDER",
    required=True,
    type=click.Path(file_okay=False, resolve_path=True, path_type=Path),
    help="Folder for the files; created if missing.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_context
@runs
async def archive(
    ctx: click.Context, *, is_all: bool, who: str | None, before: float, folder: Path, as_json: bool
) -> None:
    """
    Move usage records of older statements to files.

    One file per account; statements stay. A gateway may serve meanwhile; after an interruption,
    call it again. An account whose records do not fit together is reported and left as it is, with
    exit status 1.
    """
    if is_all is (who is not None):
        raise WrongUse("Give either --all or --account.")
    async with session(needs_signing_keys=False) as container:
        account_id = None if who is None else (await find_account(container, who)).id
        archive_ledger = container.usage().archive_ledger
        report: ArchiveReport = await archive_ledger(account_id, before, folder, OPERATOR)
        ids = (each.checkpoint.account_id for each in report.archived)
        emails = await emails_of(container, ids)
    if as_json:
        print_json(_view(report))
    else:
        print_list(
            ("account", "e-mail", "records", "file"),
            (_row(each.checkpoint, emails, each.file) for each in report.archived),
        )
        for difference in report.findings.differences:
            click.echo(line_of(difference))
        click.echo(f"{counted(report.removed, 'record', 'records')} removed.", err=True)
    ctx.exit(1 if report.findings.count else 0)


def _row(checkpoint: Checkpoint, emails: Mapping[str, str], file: str) -> tuple[str | None, ...]:
    account_id = checkpoint.account_id
    records = f"{checkpoint.first} to {checkpoint.last}"
    return account_id, emails.get(account_id), records, file


def _view(report: ArchiveReport) -> dict[str, object]:
    return {
        "archived": [
            {
                "account_id": kept.checkpoint.account_id,
                "first_sequence": kept.checkpoint.first,
                "last_sequence": kept.checkpoint.last,
                "head": kept.checkpoint.head.hex(),
                "file": kept.file,
            }
            for kept in report.archived
        ],
        "removed": report.removed,
        "difference_count": report.findings.count,
        "differences": [difference_view(each) for each in report.findings.differences],
    }
