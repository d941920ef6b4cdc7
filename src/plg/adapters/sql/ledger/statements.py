"""Statements and credit notes in the durable database."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, func, insert, select, update

from plg.adapters.sql.database.executor import Executor
from plg.adapters.sql.ledger.statement_tables import (
    closings,
    statement_lines,
    statement_numbers,
    statements,
)
from plg.application.ports.ledger.statements import Covered, Place, StatementsPort
from plg.domain.currencies import unstated_digits
from plg.domain.ledger.statements import Line, Span, Statement, StatementKind
from plg.domain.money import Currency

_s = statements.c
_l = statement_lines.c
_n = statement_numbers.c
_c = closings.c


class SqlStatements(StatementsPort):
    """A row a statement and a row a line; the database itself refuses to change one."""

    def __init__(self, sql: Executor) -> None:
        self._sql = sql

    async def next_place(self, kind: StatementKind) -> Place:
        rows = await self._sql.held_rows(select(_n.series, _n.last).order_by(_n.series))
        last: dict[str, int] = dict(tuple(row) for row in rows)
        serial = last[kind.series] + 1
        taken = update(statement_numbers).where(_n.series == kind.series)
        await self._sql.write(taken.values(last=serial))
        return Place(serial, sum(last.values()) + 1)

    async def add(self, statement: Statement) -> None:
        lines = [_line_values(statement.number, *each) for each in enumerate(statement.lines, 1)]
        if lines:  # before the statement, which closes them
            await self._sql.write(insert(statement_lines), lines)
        await self._sql.write(insert(statements), _values(statement))

    async def get(self, number: str) -> Statement | None:
        found = await self._found(_s.number == number)
        return found[0] if found else None

    async def page(
        self, account_id: str | None, *, before: int | None, limit: int
    ) -> list[Statement]:
        conditions = []
        if account_id is not None:
            conditions.append(_s.account_id == account_id)
        if before is not None:
            conditions.append(_s.position < before)
        return await self._found(*conditions, limit=limit)

    async def credits_of(self, number: str) -> list[Statement]:
        found = await self._found(_s.credited == number)
        return found[::-1]

    async def balances(self, account_id: str) -> dict[str, int]:
        newest = select(func.max(_s.position)).where(_s.account_id == account_id)
        rows = await self._sql.rows(
            select(_s.currency, _s.balance)
            .where(_s.position.in_(newest.group_by(_s.currency)))
            .order_by(_s.currency)
        )
        return {currency: int(balance) for currency, balance in rows}

    async def covering(self, account_id: str, first: int, last: int) -> list[Covered]:
        rows = await self._sql.rows(
            select(_s.number, _s.currency, _s.first_sequence, _s.last_sequence)
            .where(
                _s.account_id == account_id, _s.last_sequence >= first, _s.first_sequence <= last
            )
            .order_by(_s.position)
        )
        return [Covered(*row) for row in rows]

    async def closing(self, account_id: str, key: str) -> tuple[str, ...] | None:
        mine = select(_c.numbers).where(_c.account_id == account_id, _c.idempotency_key == key)
        row = await self._sql.held_row(mine)
        return None if row is None else tuple(row[0].split())

    async def note_closing(
        self, account_id: str, key: str, numbers: tuple[str, ...], now: float
    ) -> None:
        values = {
            "account_id": account_id,
            "idempotency_key": key,
            "numbers": " ".join(numbers),
            "at": now,
        }
        await self._sql.write_missing(closings, values)

    async def _found(
        self, *conditions: ColumnElement[bool], limit: int | None = None
    ) -> list[Statement]:
        wanted = select(*_s).where(*conditions).order_by(_s.position.desc()).limit(limit)
        rows = await self._sql.rows(wanted)
        numbers = [row[0] for row in rows]
        lines = select(*_l).where(_l.number.in_(numbers)).order_by(_l.number, _l.line)
        of_numbers = groupby(await self._sql.rows(lines), lambda row: row[0])
        found = {number: tuple(_to_line(row) for row in each) for number, each in of_numbers}
        return [_to_statement(row, found.get(row[0], ())) for row in rows]


def _to_line(values: Sequence[Any]) -> Line:
    amount, credits_ = values[-2:]
    return Line(*[*values[2:-2], int(amount), credits_])


def _to_statement(values: Sequence[Any], lines: tuple[Line, ...]) -> Statement:
    number, kind, position, account_id, currency, _, balance, closed_at, *rest = values
    first, last, from_at, to_at, head, credited, reason, digits = rest
    return Statement(
        number,
        StatementKind(kind),
        position,
        account_id,
        Currency(currency, unstated_digits(currency) if digits is None else digits),
        lines,
        int(balance),
        closed_at,
        None if first is None else Span(first, last, from_at, to_at, head),
        credited,
        reason,
    )


def _values(statement: Statement) -> dict[str, object]:
    span = statement.span
    return {
        "number": statement.number,
        "kind": statement.kind.value,
        "position": statement.position,
        "account_id": statement.account_id,
        "currency": statement.currency.code,
        "amount": str(statement.amount),
        "balance": str(statement.balance),
        "closed_at": statement.closed_at,
        "first_sequence": span and span.first,
        "last_sequence": span and span.last,
        "from_at": span and span.from_at,
        "to_at": span and span.to_at,
        "head": span and span.head,
        "credited": statement.credited,
        "reason": statement.reason,
        "minor_digits": statement.currency.minor_digits,
    }


def _line_values(number: str, line: int, values: Line) -> dict[str, object]:
    return {
        "number": number,
        "line": line,
        "resource": values.resource,
        "metered": values.metered,
        "unit_price": values.unit_price,
        "plan_code": values.plan_code,
        "plan_version": values.plan_version,
        "units": values.units,
        "records": values.records,
        "amount": str(values.amount),
        "credits": values.credits,
    }
