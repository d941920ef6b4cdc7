"""`plg plans`: make plans, give them to accounts, and say what one account has otherwise."""

from typing import Any

import click

from plg.application.identity.change_account import AccountPatch
from plg.application.plans.assign_plan import PlanChange
from plg.application.plans.override_plan import AddedOverride, NewOverride
from plg.domain.audit import OPERATOR
from plg.domain.identity.api_key_fields import name_of
from plg.domain.money import Currency
from plg.domain.not_given import NOT_GIVEN
from plg.domain.plans.account_plans import PlanState
from plg.domain.plans.fields import UnitName, amount_of, currency_of
from plg.domain.plans.plans import Plan
from plg.domain.plans.tariffs import SpendCap
from plg.domain.plans.terms import NewPlan
from plg.entrypoints.cli.command import Found, runs, shows
from plg.entrypoints.cli.failures import WrongUse
from plg.entrypoints.cli.identity.key_owners import find_account
from plg.entrypoints.cli.output import counted, moment, print_json, print_list
from plg.entrypoints.cli.plans.plan_options import (
    NOW,
    PERIOD_END,
    TIME,
    effective,
    takes_terms,
    terms_of,
    terms_text,
)
from plg.entrypoints.cli.session import session
from plg.entrypoints.http.api.plans.plan_views import (
    cap_view,
    override_view,
    plan_view,
    standing_view,
)

HEADS = ("plan", "name", "price", "requests", "vehicles", "rate", "offer")
NO_CAP = "none"
FOLLOW = "Running processes follow within five seconds."
_who = click.argument("who", metavar="EMAIL|ID")
_as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group()
def plans() -> None:
    """Make plans, and say which plan and terms an account has."""


@plans.command("list")
@click.option("--all", "is_all", is_flag=True, help="Every version, also of plans not on offer.")
@shows()
async def list_(*, is_all: bool) -> Found:
    """List the plans on offer, as they are in force now."""
    async with session() as container:
        found: list[Plan] = await container.billing().list_plans(is_all=is_all)
    views = [plan_view(plan) for plan in found]
    return Found(views, HEADS, map(_row, found), counted(len(found), "plan", "plans"))


@plans.command()
@click.argument("code")
@click.option("--name", help="Name shown to customers.  [default: the code]")
@click.option("--currency", help="ISO 4217 code of the prices.  [default: EUR]")
@click.option(
    "--unit",
    type=click.Choice([unit.value for unit in UnitName]),
    help="What a price is for: an answer, or a distinct record on a day.  [default: request]",
)
@click.option(
    "--offered/--not-offered", default=None, help="Whether customers see it in the list of plans."
)
@click.option(
    "--effective",
    type=click.Choice([NOW, PERIOD_END]),
    default=PERIOD_END,
    show_default=True,
    help="When accounts that follow the plan get the new version.",
)
@takes_terms
@shows()
async def create(*, code: str, effective: str, **given: Any) -> Found:  # noqa: ANN401 - the options of terms
    """
    Make a plan, which needs a price, or the next version of one.

    Options that are left out keep the values of the version before. A new price also removes prices
    of outcomes, unless they are given with it.
    """
    name, currency, unit, offered = (
        given.pop(each) for each in ("name", "currency", "unit", "offered")
    )
    draft = NewPlan(
        NOT_GIVEN if name is None else name_of(name),
        NOT_GIVEN if currency is None else currency_of("--currency", currency),
        NOT_GIVEN if unit is None else UnitName(unit).unit,
        NOT_GIVEN if offered is None else offered,
        terms_of(given),
    )
    async with session() as container:
        make_plan = container.billing().make_plan
        plan = await make_plan(code, draft, OPERATOR, is_at_once=effective == NOW)
    return Found(plan_view(plan), HEADS, [_row(plan)])


@plans.command()
@_who
@click.argument("code")
@click.option("--version", type=int, help="Stay on this version.  [default: follow the plan]")
@effective
@runs
async def assign(*, who: str, code: str, version: int | None, effective: str) -> None:
    """
    Assign a plan to an account.

    Changes that were planned for that time or later are dropped.
    """
    change = PlanChange(code, version, at_period_end=effective == PERIOD_END)
    async with session() as container:
        account = await find_account(container, who)
        await container.accounts().change_account(account.id, AccountPatch(plan=change), OPERATOR)
    when = "now" if effective == NOW else "from the next period on"
    click.echo(f"{who} has the plan {code} {when}. {FOLLOW}", err=True)


@plans.command()
@_who
@_as_json
@runs
async def show(*, who: str, as_json: bool) -> None:
    """Show an account's plan, overrides and caps, and what is planned."""
    async with session() as container:
        account = await find_account(container, who)
        standing: PlanState = await container.billing().show_terms(account.id)
    now: float = container.clock().now()
    if as_json:
        print_json(standing_view(standing, now))
        return
    print_list(HEADS, [_row(standing.effective)])
    for planned in standing.terms.planned_after(now):
        click.echo(f"{planned.code} from {moment(planned.from_at)}")
    currency = standing.plan.currency
    for override in standing.terms.overrides:
        view = override_view(override, currency)
        until = "ended" if override.until_at is None else moment(override.until_at)
        since, given_fields = moment(override.from_at), terms_text(view.terms)
        click.echo(f"override {override.id} from {since} until {until}: {given_fields}")
    if standing.terms.cap is not None:
        click.echo(_cap_line(standing.terms.cap, currency))
    if standing.terms.own_cap is not None:
        click.echo(f"its own {_cap_line(standing.terms.own_cap, currency)}")


@plans.command()
@_who
@takes_terms
@click.option("--from", "from_at", type=TIME, help="When it begins.  [default: now]")
@click.option("--until", "until_at", type=TIME, help="When it ends.  [default: until you end it]")
@click.option("--end", "end_id", metavar="ID", help="End this override instead.")
@_as_json
@runs
async def override(
    *,
    who: str,
    from_at: float | None,
    until_at: float | None,
    end_id: str | None,
    as_json: bool,
    **given: Any,  # noqa: ANN401 - the options of terms
) -> None:
    """
    Give an account its own terms for some time.

    Prices are in the currency of its plan. Prints the id of the override.
    """
    draft = NewOverride(terms_of(given), from_at, until_at)
    if end_id is not None:
        if not draft.terms.is_empty or from_at is not None or until_at is not None:
            raise WrongUse("Give --end alone.")
        async with session() as container:
            account = await find_account(container, who)
            await container.billing().end_override(account.id, end_id, OPERATOR)
        click.echo(f"Ended: {end_id}. {FOLLOW}", err=True)
        return
    async with session() as container:
        account = await find_account(container, who)
        override_plan = container.billing().override_plan
        added: AddedOverride = await override_plan(account.id, draft, OPERATOR)
    if as_json:
        print_json(override_view(added.override, added.currency))
        return
    click.echo(added.override.id)
    click.echo(f"{who} has terms of its own. {FOLLOW}", err=True)


@plans.command()
@_who
@click.argument("amount", metavar="AMOUNT|none")
@click.option(
    "--action",
    type=click.Choice(["notify", "block"]),
    default="notify",
    show_default=True,
    help="Only notify, or refuse requests beyond it.",
)
@_as_json
@runs
async def cap(*, who: str, amount: str, action: str, as_json: bool) -> None:
    """
    Limit what an account may spend in a month.

    The amount is in the currency of its plan.
    """
    wanted = None if amount == NO_CAP else SpendCap(amount_of("AMOUNT", amount), action == "block")
    async with session() as container:
        account = await find_account(container, who)
        currency: Currency = await container.billing().set_spend_cap(account.id, wanted, OPERATOR)
    if as_json:
        print_json(None if wanted is None else cap_view(wanted, currency))
    elif wanted is not None:
        click.echo(_cap_line(wanted, currency))
    else:
        click.echo(f"{who} has no spend cap. {FOLLOW}", err=True)


def _row(plan: Plan) -> tuple[str, ...]:
    requests, vins = plan.requests_per_day, plan.vins_per_day
    return (
        f"{plan.code} {plan.version}",
        plan.name,
        f"{plan.currency.text(plan.price)} {plan.currency.code} a {plan.unit}",
        "any number a day" if requests is None else f"{requests} a day",
        "any records" if vins is None else counted(vins, "distinct a day", "distinct a day"),
        "default rates" if plan.rate is None else str(plan.rate),
        "on offer" if plan.is_offered else "not on offer",
    )


def _cap_line(cap: SpendCap, currency: Currency) -> str:
    action = "block" if cap.blocks else "notify"
    return f"spend cap {currency.text(cap.nanos)} {currency.code} a month: {action}"
