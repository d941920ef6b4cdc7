"""`plg ledger`: check what was written down of billable answers."""

import asyncio

import click

from plg.application.billing.verify_ledger import LedgerReport
from plg.container import Container
from plg.domain.ledger_checks import Difference
from plg.entrypoints.cli.output import counted, print_json
from plg.entrypoints.cli.session import new_container, opened, read_settings


@click.group()
def ledger() -> None:
    """Check what was written down of billable answers."""


@ledger.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_context
def verify(ctx: click.Context, *, as_json: bool) -> None:
    """
    Recompute every account's chain, counters and sums from its usage records.

    Says what does not fit, and where; exit status 1 then. A gateway may go on beside it.
    """
    report = asyncio.run(_verify(new_container(read_settings())))
    if as_json:
        print_json(_view(report))
    else:
        for difference in report.differences:
            click.echo(_line(difference))
        click.echo(
            f"{counted(report.accounts, 'account', 'accounts')}, "
            f"{counted(report.records, 'record', 'records')}: "
            + ("all fits." if report.is_good else f"{report.difference_count} do not fit.")
        )
    ctx.exit(0 if report.is_good else 1)


async def _verify(container: Container) -> LedgerReport:
    async with opened(container):
        report: LedgerReport = await container.ledger.verify_ledger()()
        return report


def _line(difference: Difference) -> str:
    number = "" if difference.sequence is None else f" record {difference.sequence}"
    return f"{difference.account_id}{number}: {difference.fault.value}: {difference.detail}"


def _view(report: LedgerReport) -> dict[str, object]:
    return {
        "good": report.is_good,
        "accounts": report.accounts,
        "records": report.records,
        "difference_count": report.difference_count,
        "differences": [
            {
                "account_id": each.account_id,
                "sequence": each.sequence,
                "fault": each.fault.value,
                "detail": each.detail,
            }
            for each in report.differences
        ],
    }
