"""`plg billing notices`: what accounts were told of their limits."""

from collections.abc import Mapping

import click

from plg.application.ledger.list_statements import ALL
from plg.domain.identity.access import Caller
from plg.domain.identity.accounts import ADMIN_SCOPES
from plg.domain.notices.deliveries import Delivery, State
from plg.domain.notices.notices import Notice
from plg.entrypoints.cli.command import Found, shows
from plg.entrypoints.cli.identity.key_owners import emails_of, find_account
from plg.entrypoints.cli.output import counted, moment
from plg.entrypoints.cli.session import session
from plg.entrypoints.http.api.notices.notice_views import notice_view

SHOWN_MAX = 1000
HEADS = ("at", "account", "e-mail", "threshold", "used", "period", "mail", "webhook")
_CALLER = Caller("operator", ADMIN_SCOPES)


@click.command()
@click.option("--account", "who", metavar="EMAIL|ID", help="Only this account.")
@click.option(
    "--limit",
    type=click.IntRange(1, SHOWN_MAX),
    default=100,
    show_default=True,
    help="Maximum number of notices.",
)
@shows()
async def notices(*, who: str | None, limit: int) -> Found:
    """
    List the thresholds that accounts reached.

    Newest first, each with the state of its mail and its webhook call.
    """
    async with session() as container:
        account_id = ALL if who is None else (await find_account(container, who)).id
        list_notices = container.billing().list_notices
        found: list[Notice] = await list_notices(_CALLER, account_id, limit=limit)
        emails = await emails_of(container, (each.reached.account_id for each in found))
    rows = [_row(each, emails) for each in found]
    views = [notice_view(each) for each in found]
    return Found(views, HEADS, rows, counted(len(found), "notice", "notices"))


def _row(notice: Notice, emails: Mapping[str, str]) -> tuple[str | None, ...]:
    reached = notice.reached
    unit = "" if reached.currency is None else f" {reached.currency}"
    used, most = notice.amount(reached.used), notice.amount(reached.most)
    return (
        moment(notice.at),
        reached.account_id,
        emails.get(reached.account_id),
        f"{reached.percent} % of {reached.kind}{_of_resource(reached.resource)}",
        f"{used} of {most}{unit}",
        notice.period,
        f"mail {_how(notice.mail)}",
        f"webhook {_how(notice.webhook)}",
    )


def _of_resource(resource: str) -> str:
    return f" for {resource}" if resource else ""


def _how(delivery: Delivery) -> str:
    why = " ".join(str(each) for each in (delivery.reason, delivery.status) if each is not None)
    reason = "" if delivery.reason is None else f" ({why})"
    if delivery.state is State.WAITING and delivery.due_at is not None:
        return f"waiting until {moment(delivery.due_at)}{reason}"
    return f"{delivery.state.value.replace('_', ' ')}{reason}"
