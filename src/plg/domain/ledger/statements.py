"""
Statements: what an account owes for a range of its usage records.

- A closing takes the records of an account from one sequence number to another, and makes one
  statement for each currency among them. Each begins with the record after the one where the last
  one ended, so that every record stands in exactly one statement, sooner or later.
- Its lines are sums of what the records have in common: resource, outcome, unit price, plan and
  version. Units are whole numbers; each line is rounded once to what can be paid, halves away from
  zero; the amount is the sum of the lines.
- Where no currency comes to more than zero there is nothing to bill: nothing is closed, and the
  records wait for those that come next.
- A statement never changes. A credit note gives back what lines of it were too much.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

from plg.domain.errors import InvalidParameter
from plg.domain.ledger.usage import LineKey
from plg.domain.money import Currency

REASON_LENGTH_MAX: Final = 500
NUMBER: Final = re.compile(r"PLG-(CN-)?[0-9]{4}-[0-9]{6,12}")


class StatementKind(StrEnum):
    """What is billed, or given back."""

    STATEMENT = "statement"
    CREDIT_NOTE = "credit_note"

    @property
    def series(self) -> str:
        """What its numbers begin with."""
        return "PLG" if self is StatementKind.STATEMENT else "PLG-CN"


@dataclass(frozen=True, slots=True)
class UsageSum:
    """
    What is not billed yet of one line.

    Attributes:
        records: How many records there are, less those that were taken back.
    """

    key: LineKey
    units: int
    records: int


@dataclass(frozen=True, slots=True)
class Line:
    """
    One line.

    Attributes:
        metered: The value of a `Metered`.
        unit_price: In billionths of the currency.
        units: Less than zero where more was taken back than used since the statement before.
        amount: In billionths of the currency, rounded to what can be paid.
        credits: The number, from 1, of the line that a line of a credit note gives back from.
    """

    resource: str
    metered: str
    unit_price: int
    plan_code: str
    plan_version: int
    units: int
    records: int
    amount: int
    credits: int | None = None

    @classmethod
    def of(cls, usage: UsageSum, stated_digits: int | None = None) -> "Line":
        """Return the line of what was used, rounded to the decimals of today or to those stated."""
        key = usage.key
        amount = Currency(key.currency, stated_digits).rounded(usage.units * key.unit_price)
        return cls(
            key.resource,
            key.metered,
            key.unit_price,
            key.plan_code,
            key.plan_version,
            usage.units,
            usage.records,
            amount,
        )


@dataclass(frozen=True, slots=True)
class Span:
    """
    The records of the account that a statement covers: those of its currency among these.

    Attributes:
        from_at: When the first of them was, in microseconds since the epoch.
        head: The MAC of the last one: where the account's chain ended.
    """

    first: int
    last: int
    from_at: int
    to_at: int
    head: bytes


@dataclass(frozen=True, slots=True)
class Statement:
    """
    A statement or a credit note.

    Attributes:
        position: Its place among all of the installation, from 1.
        currency: With the decimals that it was rounded to.
        balance: What statements less credit notes of the account came to in this currency, with
            this one.
        span: None for a credit note.
        credited: The number of the statement that a credit note belongs to.
        reason: Why a credit note was made.
    """

    number: str
    kind: StatementKind
    position: int
    account_id: str
    currency: Currency
    lines: tuple[Line, ...]
    balance: int
    closed_at: float
    span: Span | None = None
    credited: str | None = None
    reason: str | None = None

    @property
    def amount(self) -> int:
        """In billionths of the currency; less than zero for a credit note."""
        return due(self.lines)


@dataclass(frozen=True, slots=True)
class CreditedLine:
    """
    What is to be given back of a line.

    Attributes:
        number: The line's, from 1.
        amount: In billionths of the currency; None for all that is left of it.
    """

    number: int
    amount: int | None = None


def number_of(kind: StatementKind, serial: int, closed_at: float) -> str:
    """Return the number of the statement that is the `serial`-th of its kind, from 1."""
    year = datetime.fromtimestamp(closed_at, UTC).year
    return f"{kind.series}-{year:04}-{serial:06}"


def closing_lines(sums: Iterable[UsageSum]) -> dict[Currency, tuple[Line, ...]]:
    """Return the lines of each statement that a closing makes; none where nothing is to be paid."""
    lines: dict[str, list[Line]] = {}
    for each in sorted(sums, key=lambda each: each.key):
        lines.setdefault(each.key.currency, []).append(Line.of(each))
    if all(due(each) <= 0 for each in lines.values()):
        return {}
    return {Currency(code): tuple(each) for code, each in lines.items()}


def due_by_currency(sums: Iterable[UsageSum]) -> dict[str, int]:
    """Return what a closing would bill in each currency."""
    amounts: dict[str, int] = {}
    for each in sums:
        code = each.key.currency
        amounts[code] = amounts.get(code, 0) + Line.of(each).amount
    return amounts


def due(lines: Iterable[Line]) -> int:
    """Return what lines come to."""
    return sum(line.amount for line in lines)


def credit(
    statement: Statement, earlier: Sequence[Statement], wanted: Sequence[CreditedLine] | None
) -> tuple[Line, ...]:
    """
    Return the lines of a credit note.

    Args:
        statement: What was billed.
        earlier: The credit notes that the statement has already.
        wanted: What is to be given back; None for all that is left of the whole statement.

    Raises:
        InvalidParameter: If there is no such line, or not as much is left of it.
    """
    if statement.kind is not StatementKind.STATEMENT:
        raise InvalidParameter("number", "Only a statement can be credited, not a credit note.")
    left = {number: line.amount for number, line in enumerate(statement.lines, 1)}
    lines = (line for note in earlier for line in note.lines)
    for number, amount in ((each.credits, each.amount) for each in lines if each.credits):
        left[number] += amount
    if wanted is None:
        return _all_that_is_left(statement, left)
    if not wanted or len({each.number for each in wanted}) != len(wanted):
        raise InvalidParameter("lines", "lines must name each line once, and at least one.")
    return tuple(_credited(statement, each, left.get(each.number, 0)) for each in wanted)


def _all_that_is_left(statement: Statement, left: dict[int, int]) -> tuple[Line, ...]:
    if sum(left.values()) <= 0:
        raise InvalidParameter("lines", "All of this statement was given back already.")
    return tuple(_given_back(statement, number, rest) for number, rest in left.items() if rest)


def _credited(statement: Statement, wanted: CreditedLine, left: int) -> Line:
    currency = statement.currency
    amount = left if wanted.amount is None else wanted.amount
    if not 0 < amount <= left:
        raise InvalidParameter(
            "lines",
            f"Of line {wanted.number} at most {currency.text(max(0, left))} can be given back.",
        )
    if currency.rounded(amount) != amount:
        raise InvalidParameter("lines", f"{currency.text(amount)} is no amount that can be paid.")
    return _given_back(statement, wanted.number, amount)


def _given_back(statement: Statement, number: int, amount: int) -> Line:
    line = statement.lines[number - 1]
    return Line(
        line.resource,
        line.metered,
        line.unit_price,
        line.plan_code,
        line.plan_version,
        0,  # what was used was used: only money is given back
        0,
        -amount,
        number,
    )
