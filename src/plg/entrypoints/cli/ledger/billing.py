"""`plg billing`: close periods; show statements, notices, and what another plan would cost."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing

import click

from plg.application.ledger.simulate_plan import Comparison
from plg.container import Container
from plg.domain.audit import OPERATOR
from plg.domain.errors import InvalidParameter, NotFound
from plg.domain.identity.access import Caller
from plg.domain.identity.accounts import ADMIN_SCOPES
from plg.domain.ledger.comparisons import Cost, total_cost
from plg.domain.ledger.periods import LAST, Period
from plg.domain.ledger.statements import Line, Statement
from plg.domain.ledger.usage import MICROSECONDS
from plg.entrypoints.cli.command import Found, runs, shows
from plg.entrypoints.cli.failures import NothingFound, WrongUse
from plg.entrypoints.cli.identity.key_owners import emails_of, find_account
from plg.entrypoints.cli.ledger.free_usage import free_usage, unbilled
from plg.entrypoints.cli.ledger.notices import notices
from plg.entrypoints.cli.output import NOTHING, counted, moment, print_json, print_list, print_table
from plg.entrypoints.cli.session import new_container, opened, read_settings, session
from plg.entrypoints.http.api.ledger.statement_views import statement_view

LINE_HEADS = ("resource", "outcome", "plan", "sum")
_WHO = "EMAIL|ID"
_CALLER = Caller("operator", ADMIN_SCOPES)
_as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group()
def billing() -> None:
    """Close periods; show statements and notices; compare plans."""


billing.add_command(notices)


@billing.command()
@click.option("--all", "is_all", is_flag=True, help="Every account.")
@click.option("--account", "who", metavar=_WHO, help="This account.")
@_as_json
@runs
async def close(*, is_all: bool, who: str | None, as_json: bool) -> None:
    """
    Close what is unbilled into statements.

    Each account is closed separately: after an interruption, call it again.
    """
    if is_all is (who is not None):
        raise WrongUse("Give either --all or --account.")
    async with session() as container:
        closed = await _close(container, who, is_silent=as_json)
    if as_json:
        print_json([statement_view(each) for each in closed])
        return
    click.echo(counted(len(closed), "statement", "statements"), err=True)


@billing.command()
@click.argument("number")
@_as_json
@runs
async def show(*, number: str, as_json: bool) -> None:
    """Show a statement or a credit note."""
    async with session() as container:
        try:
            statement: Statement = await container.billing().show_statement(_CALLER, number)
        except NotFound as error:
            raise NothingFound(str(error)) from error
        emails = await emails_of(container, [statement.account_id])
    if as_json:
        print_json(statement_view(statement))
        return
    print_table(_head(statement, emails.get(statement.account_id, NOTHING)))
    print_list(LINE_HEADS, (_line(statement, line) for line in statement.lines))


@billing.command()
@click.option("--plan", "code", required=True, metavar="CODE", help="The other plan.")
@click.option("--version", type=int, help="Version of that plan.  [default: the one in force]")
@click.option(
    "--period",
    "name",
    default=LAST,
    show_default=True,
    metavar="PERIOD",
    help="last, current, or a month such as 2026-11.",
)
@click.option("--account", "who", metavar=_WHO, help="Only this account.")
@shows()
async def simulate(*, code: str, version: int | None, name: str, who: str | None) -> Found:
    """
    Show what usage would have cost under another plan.

    The usage of a period, by account, with totals by currency. A period with archived records is
    refused.
    """
    container = new_container(read_settings())
    try:
        period = Period.named(name, container.clock().now())
    except ValueError as error:
        raise InvalidParameter("--period", f"--period {error}.") from error
    async with opened(container):
        account_id = None if who is None else (await find_account(container, who)).id
        simulate_plan = container.billing().simulate_plan
        found: list[Comparison] = await simulate_plan(code, version, period, account_id)
        emails = await emails_of(container, (each.account_id for each in found))
    rows = [
        (each.account_id, emails.get(each.account_id), *_costs(each.billed, [each.simulated]))
        for each in found
    ]
    if found:
        billed = total_cost(cost for each in found for cost in each.billed)
        rows.append(("total", None, *_costs(billed, total_cost(each.simulated for each in found))))
    heads = ("account", "e-mail", "cost", f"under {code}")
    views = [_comparison_json(each) for each in found]
    return Found(views, heads, rows, counted(len(found), "account", "accounts"))


billing.add_command(free_usage)
billing.add_command(unbilled, "unbilled")


async def _close(container: Container, who: str | None, *, is_silent: bool) -> list[Statement]:
    """Close, and say so one by one: what was closed stays closed where this is interrupted."""
    found = []
    async with aclosing(_closed(container, who)) as closing:
        async for statement in closing:
            found.append(statement)
            if not is_silent:
                account_id = statement.account_id
                email = (await emails_of(container, [account_id])).get(account_id, NOTHING)
                click.echo(f"{statement.number}  {account_id}  {email}  {_amount(statement)}")
    return found


async def _closed(container: Container, who: str | None) -> AsyncGenerator[Statement]:
    if who is None:
        async for statement in container.billing().close_all(OPERATOR):
            yield statement
        return
    account = await find_account(container, who)
    paid = await container.billing().close_period(_CALLER, account.id, None, OPERATOR)
    for statement in paid.statements:
        yield statement


def _head(statement: Statement, email: str) -> list[tuple[str, object]]:
    rows: list[tuple[str, object]] = [
        ("number", statement.number),
        ("account", f"{statement.account_id}  {email}"),
        ("amount", _amount(statement)),
        ("closed at", moment(statement.closed_at)),
    ]
    if statement.span is not None:
        begin, end = statement.span.from_at / MICROSECONDS, statement.span.to_at / MICROSECONDS
        rows.append(("period", f"{moment(begin)} to {moment(end)}"))
        rows.append(("records", f"{statement.span.first} to {statement.span.last}"))
        rows.append(("head", statement.span.head.hex()))
    if statement.credited is not None:
        rows += [("credited", statement.credited), ("reason", statement.reason)]
    return rows


def _line(statement: Statement, line: Line) -> tuple[str, ...]:
    text = statement.currency.text
    amount = text(line.amount)
    if line.credits is not None:
        sum_ = f"of line {line.credits}: {amount}"
    else:
        sum_ = f"{line.units} x {text(line.unit_price)} = {amount}"
    return line.resource, line.metered, f"{line.plan_code} {line.plan_version}", sum_


def _amount(statement: Statement) -> str:
    return f"{statement.currency.text(statement.amount)} {statement.currency.code}"


def _cost(cost: Cost) -> str:
    return f"{cost.currency.text(cost.amount)} {cost.currency.code}"


def _costs(billed: Sequence[Cost], simulated: Sequence[Cost]) -> tuple[str, str]:
    """Return what was billed and what would be, as the cells of a row."""
    was = ", ".join(map(_cost, billed)) or "nothing"
    return was, f"would be {', '.join(map(_cost, simulated))}"


def _comparison_json(found: Comparison) -> dict[str, object]:
    return {
        "account_id": found.account_id,
        "billed": [_cost_json(each) for each in found.billed],
        "simulated": _cost_json(found.simulated),
    }


def _cost_json(cost: Cost) -> dict[str, object]:
    amount = cost.currency.text(cost.amount)
    return {"currency": cost.currency.code, "units": cost.units, "amount": amount}
