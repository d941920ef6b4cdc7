"""`plg billing notices`: what accounts were told of their limits."""

import asyncio
from collections.abc import Mapping

import click

from plg.application.ledger.list_statements import ALL
from plg.container import Container
from plg.domain.identity.access import Caller
from plg.domain.identity.accounts import ADMIN_SCOPES
from plg.domain.notices.deliveries import Delivery, State
from plg.domain.notices.notices import Notice
from plg.entrypoints.cli.identity.key_owners import emails_of, find_account
from plg.entrypoints.cli.output import counted, moment, print_json, print_list
from plg.entrypoints.cli.session import new_container, opened, read_settings
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
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def notices(*, who: str | None, limit: int, as_json: bool) -> None:
    """
    List the thresholds that accounts reached.

    Newest first, each with the state of its mail and its webhook call.
    """
    found, emails = asyncio.run(_list(new_container(read_settings()), who, limit))
    if as_json:
        print_json([notice_view(each) for each in found])
        return
    print_list(HEADS, (_row(each, emails) for each in found))
    click.echo(counted(len(found), "notice", "notices"), err=True)


async def _list(
    container: Container, who: str | None, limit: int
) -> tuple[list[Notice], dict[str, str]]:
    async with opened(container):
        account_id = ALL if who is None else (await find_account(container, who)).id
        list_notices = container.billing().list_notices
        found: list[Notice] = await list_notices(_CALLER, account_id, limit=limit)
        return found, await emails_of(container, (each.reached.account_id for each in found))


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
