"""How statements look in JSON."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from msgspec import Struct, field

from plg.application.ledger.close_period import Paid
from plg.domain.ledger.statements import Line, Statement, StatementKind
from plg.domain.ledger.usage import MICROSECONDS
from plg.domain.plans.plans import Metered
from plg.entrypoints.http.protocol.moments import moment


class StatementLine(Struct, frozen=True):
    """
    A sum of usage records that have all of this in common; `amount` is rounded to the cent.

    `credits` is the line of the statement that a line of a credit note gives back from.
    """

    line: int
    resource: str
    outcome: Metered
    unit_price: str
    plan: str
    plan_version: int
    units: int
    records: int
    amount: str
    credits: int | None


class StatementPeriod(Struct, frozen=True):
    """When the first and the last of the records were."""

    from_: datetime = field(name="from")
    to: datetime


class StatementView(Struct, frozen=True):
    """
    A statement or a credit note; amounts are decimals in its currency.

    A statement covers the account's usage records from `first_sequence` to `last_sequence`, those
    in its currency; `head` is the seal of the last one. A credit note says which statement it is
    `credited` to and why. `balance` is what statements less credit notes come to with this one.
    """

    number: str
    kind: StatementKind
    account_id: str
    currency: str
    amount: str
    lines: list[StatementLine]
    period: StatementPeriod | None
    first_sequence: int | None
    last_sequence: int | None
    head: str | None
    closed_at: datetime
    credited: str | None
    reason: str | None
    balance: str


class PaidView(Struct, frozen=True):
    """
    What was closed: one statement a currency.

    `number`, `currency` and `amount` are those of the first; null, the plan's currency and zero
    where there was nothing to bill.
    """

    number: str | None
    currency: str
    amount: str
    statements: list[StatementView]


LINE_EXAMPLE: Final[Mapping[str, Any]] = {
    "line": 1,
    "resource": "players",
    "outcome": "hit",
    "unit_price": "0.10",
    "plan": "basic",
    "plan_version": 1,
    "units": 12,
    "records": 12,
    "amount": "1.20",
    "credits": None,
}
STATEMENT_EXAMPLE: Final[Mapping[str, Any]] = {
    "number": "PLG-2026-000001",
    "kind": "statement",
    "account_id": "01JDG7N0B6Z4T3H9R2M5Q8W1XC",
    "currency": "EUR",
    "amount": "1.20",
    "lines": [LINE_EXAMPLE],
    "period": {"from": "2026-11-21T10:00:00.000Z", "to": "2026-11-22T09:30:00.000Z"},
    "first_sequence": 1,
    "last_sequence": 12,
    "head": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "closed_at": "2026-11-22T10:00:00.000Z",
    "credited": None,
    "reason": None,
    "balance": "1.20",
}
CREDIT_NOTE_EXAMPLE: Final[Mapping[str, Any]] = {
    **STATEMENT_EXAMPLE,
    "number": "PLG-CN-2026-000001",
    "kind": "credit_note",
    "amount": "-0.50",
    "lines": [{**LINE_EXAMPLE, "units": 0, "records": 0, "amount": "-0.50", "credits": 1}],
    "period": None,
    "first_sequence": None,
    "last_sequence": None,
    "head": None,
    "closed_at": "2026-11-23T10:00:00.000Z",
    "credited": "PLG-2026-000001",
    "reason": "Outdated records on 21 November",
    "balance": "0.70",
}
PAID_EXAMPLE: Final = {
    "number": "PLG-2026-000001",
    "currency": "EUR",
    "amount": "1.20",
    "statements": [STATEMENT_EXAMPLE],
}


def statement_view(statement: Statement) -> StatementView:
    """Return a statement as JSON shows it."""
    span, text = statement.span, statement.currency.text
    return StatementView(
        number=statement.number,
        kind=statement.kind,
        account_id=statement.account_id,
        currency=statement.currency.code,
        amount=text(statement.amount),
        lines=[_line(statement, *each) for each in enumerate(statement.lines, 1)],
        period=None
        if span is None
        else StatementPeriod(
            moment(span.from_at / MICROSECONDS), moment(span.to_at / MICROSECONDS)
        ),
        first_sequence=None if span is None else span.first,
        last_sequence=None if span is None else span.last,
        head=None if span is None else span.head.hex(),
        closed_at=moment(statement.closed_at),
        credited=statement.credited,
        reason=statement.reason,
        balance=text(statement.balance),
    )


def paid_view(paid: Paid) -> PaidView:
    """Return what was closed as JSON shows it."""
    views = [statement_view(each) for each in paid.statements]
    if not views:
        return PaidView(None, paid.currency.code, paid.currency.text(0), [])
    return PaidView(views[0].number, views[0].currency, views[0].amount, views)


def _line(statement: Statement, number: int, line: Line) -> StatementLine:
    text = statement.currency.text
    return StatementLine(
        line=number,
        resource=line.resource,
        outcome=Metered(line.metered),
        unit_price=text(line.unit_price),
        plan=line.plan_code,
        plan_version=line.plan_version,
        units=line.units,
        records=line.records,
        amount=text(line.amount),
        credits=line.credits,
    )
