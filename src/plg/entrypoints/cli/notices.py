"""`plg billing notices`: what accounts were told of their limits."""

import asyncio

import click

from plg.application.billing.list_statements import ALL
from plg.container import Container
from plg.domain.access import Caller
from plg.domain.accounts import ADMIN_SCOPES
from plg.domain.deliveries import Delivery, State
from plg.domain.notices import Notice
from plg.entrypoints.cli.key_owners import find_account
from plg.entrypoints.cli.output import counted, moment, print_json
from plg.entrypoints.cli.session import new_container, opened, read_settings
from plg.entrypoints.http.api.notice_views import notice_view

SHOWN_MAX = 1000
_CALLER = Caller("operator", ADMIN_SCOPES)


@click.command()
@click.option("--account", "who", metavar="EMAIL|ID", help="Only this account.")
@click.option(
    "--limit",
    type=click.IntRange(1, SHOWN_MAX),
    default=100,
    show_default=True,
    help="How many at most.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def notices(*, who: str | None, limit: int, as_json: bool) -> None:
    """List the thresholds that accounts reached, the newest first, and how they were told."""
    found = asyncio.run(_list(new_container(read_settings()), who, limit))
    if as_json:
        print_json([notice_view(each) for each in found])
        return
    for each in found:
        click.echo(_line(each))
    click.echo(counted(len(found), "notice", "notices"), err=True)


async def _list(container: Container, who: str | None, limit: int) -> list[Notice]:
    async with opened(container):
        account_id = ALL if who is None else (await find_account(container, who)).id
        list_notices = container.billing.list_notices()
        found: list[Notice] = await list_notices(_CALLER, account_id, limit=limit)
        return found


def _line(notice: Notice) -> str:
    reached = notice.reached
    unit = "" if reached.currency is None else f" {reached.currency}"
    used, most = notice.amount(reached.used), notice.amount(reached.most)
    return (
        f"{moment(notice.at)}  {reached.account_id}  {reached.percent} % of {reached.kind}"
        f"  {used} of {most}{unit}  {notice.period}"
        f"  mail {_how(notice.mail)}  webhook {_how(notice.webhook)}"
    )


def _how(delivery: Delivery) -> str:
    why = " ".join(str(each) for each in (delivery.reason, delivery.status) if each is not None)
    reason = "" if delivery.reason is None else f" ({why})"
    if delivery.state is State.WAITING and delivery.due_at is not None:
        return f"waiting until {moment(delivery.due_at)}{reason}"
    return f"{delivery.state.value.replace('_', ' ')}{reason}"
