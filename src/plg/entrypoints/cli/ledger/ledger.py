"""`plg ledger`: check what was written down of billable answers; archive it, and erase from it."""

from pathlib import Path

import click

from plg.application.ledger.verify_ledger import LedgerReport
from plg.entrypoints.cli.command import runs
from plg.entrypoints.cli.ledger.ledger_archive import archive
from plg.entrypoints.cli.ledger.ledger_erase import erase_record_key
from plg.entrypoints.cli.ledger.ledger_lines import difference_view, line_of
from plg.entrypoints.cli.output import counted, print_json
from plg.entrypoints.cli.session import new_container, read_settings, session


@click.group()
def ledger() -> None:
    """Check, archive and erase records of billable answers."""


ledger.add_command(archive)
ledger.add_command(erase_record_key)


@ledger.command()
@click.option(
    "--archive",
    "path",
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Verify this file of archived records instead, without a database.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_context
@runs
async def verify(ctx: click.Context, *, path: Path | None, as_json: bool) -> None:
    """
    Recompute the ledger from its usage records.

    It checks every account's chain, counters, sums and statements, and reports what does not match,
    with exit status 1. It only reads; a gateway may serve meanwhile.
    """
    report: LedgerReport
    if path is not None:
        report = await new_container(read_settings()).usage().verify_archive(path)
    else:
        async with session(needs_signing_keys=False) as container:
            report = await container.usage().verify_ledger()
    if as_json:
        print_json(report_view(report))
    else:
        for difference in report.differences:
            click.echo(line_of(difference))
        click.echo(summary(report))
    ctx.exit(0 if report.is_good else 1)


def summary(report: LedgerReport) -> str:
    """Return in one line what a ledger holds, and whether that fits."""
    counts = [
        counted(report.accounts, "account", "accounts"),
        counted(report.records, "record", "records"),
        counted(report.statements, "statement", "statements"),
    ]
    if report.archived:
        counts.append(f"{report.archived} archived")
    verdict = "all fits." if report.is_good else f"{report.difference_count} do not fit."
    return f"{', '.join(counts)}: {verdict}"


def report_view(report: LedgerReport) -> dict[str, object]:
    """Return it as JSON has it."""
    return {
        "good": report.is_good,
        "accounts": report.accounts,
        "records": report.records,
        "statements": report.statements,
        "archived": report.archived,
        "difference_count": report.difference_count,
        "differences": [difference_view(each) for each in report.differences],
    }
