"""`plg billing free-usage`."""

import asyncio
from collections.abc import Mapping
from copy import copy

import click

from plg.container import Container
from plg.domain.ledger.free_usage import FreeUsageTotal
from plg.domain.ledger.periods import CURRENT, Period
from plg.entrypoints.cli.failures import WrongUse
from plg.entrypoints.cli.identity.key_owners import emails_of, find_account
from plg.entrypoints.cli.output import counted, print_json, print_list
from plg.entrypoints.cli.plans.plan_options import TIME
from plg.entrypoints.cli.session import new_container, opened, read_settings

HEADS = ("account", "e-mail", "resource", "outcome", "answers")


@click.command("free-usage")
@click.option("--from", "since", type=TIME, help="From this time on.  [default: this month]")
@click.option("--to", "until", type=TIME, help="Up to this time.  [default: now]")
@click.option(
    "--account",
    "who",
    metavar="EMAIL|ID",
    help="Only this account, or `service` for the service key.",
)
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list.")
def free_usage(*, since: float | None, until: float | None, who: str | None, as_json: bool) -> None:
    """
    Count answers that nobody pays for.

    These are answers to the service key, and free answers to accounts, by account, resource and
    outcome.
    """
    container = new_container(read_settings())
    now = container.clock().now()
    begin = Period.named(CURRENT, now).begins if since is None else since
    end = now if until is None else until
    if begin >= end:
        raise WrongUse("--from must be before --to.")
    found, emails = asyncio.run(_totals(container, who, begin, end))
    if as_json:
        print_json([_view(each) for each in found])
        return
    print_list(HEADS, (_row(each, emails) for each in found))
    total = sum(each.answers for each in found)
    click.echo(counted(total, "answer", "answers"), err=True)


unbilled = copy(free_usage)
"""The command's name of the release before."""
unbilled.hidden = True


async def _totals(
    container: Container, who: str | None, since: float, until: float
) -> tuple[list[FreeUsageTotal], dict[str, str]]:
    async with opened(container, needs_signing_keys=False):
        account_id = who
        if who is not None and "@" in who:
            account_id = (await find_account(container, who)).id
        show = container.usage().show_free_usage
        found = [each async for each in show(account_id, since, until)]
        return found, await emails_of(container, (each.account_id for each in found))


def _row(total: FreeUsageTotal, emails: Mapping[str, str]) -> tuple[str | None, ...]:
    email = emails.get(total.account_id)
    return total.account_id, email, total.resource, total.metered, str(total.answers)


def _view(total: FreeUsageTotal) -> dict[str, object]:
    return {
        "account_id": total.account_id,
        "resource": total.resource,
        "outcome": total.metered,
        "answers": total.answers,
    }
