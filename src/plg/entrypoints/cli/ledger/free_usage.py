"""`plg billing free-usage`."""

from collections.abc import Mapping
from copy import copy

import click

from plg.domain.ledger.free_usage import FreeUsageTotal
from plg.domain.ledger.periods import CURRENT, Period
from plg.entrypoints.cli.command import Found, shows
from plg.entrypoints.cli.failures import WrongUse
from plg.entrypoints.cli.identity.key_owners import emails_of, find_account
from plg.entrypoints.cli.output import counted
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
@shows("Print a JSON list.")
async def free_usage(*, since: float | None, until: float | None, who: str | None) -> Found:
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
    async with opened(container, needs_signing_keys=False):
        account_id = who
        if who is not None and "@" in who:
            account_id = (await find_account(container, who)).id
        show = container.usage().show_free_usage
        found: list[FreeUsageTotal] = [each async for each in show(account_id, begin, end)]
        emails = await emails_of(container, (each.account_id for each in found))
    rows = [_row(each, emails) for each in found]
    total = sum(each.answers for each in found)
    return Found([_view(each) for each in found], HEADS, rows, counted(total, "answer", "answers"))


unbilled = copy(free_usage)
"""The command's name of the release before."""
unbilled.hidden = True


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
