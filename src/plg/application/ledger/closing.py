"""What every closing has in common."""

from plg.application.audited_change import Change
from plg.application.ports.ledger.usage import LedgerEnd
from plg.application.ports.work import Work
from plg.domain.audit import Action
from plg.domain.errors import StorageUnavailable
from plg.domain.ledger.statements import (
    Line,
    Span,
    Statement,
    StatementKind,
    closing_lines,
    number_of,
)
from plg.domain.money import Currency


async def close(change: Change, account_id: str, end: LedgerEnd | None) -> list[Statement]:
    """
    Close what is unbilled, in the change that has read where the account's ledger ends.

    Returns a statement for each currency; none where there is nothing to bill.
    """
    work = change.work
    by_currency = closing_lines(await work.usage.unbilled(account_id))
    if end is None or not by_currency:
        return []
    balances = await work.statements.balances(account_id)
    span = await _span(work, account_id, end)
    closed = []
    for currency, lines in by_currency.items():
        balance = balances.get(currency.code, 0)
        statement = await _statement(work, account_id, currency, lines, balance, span, change.now)
        await add(change, statement, Action.STATEMENT_CLOSED)
        closed.append(statement)
    await work.usage.close(account_id, end.last_sequence)
    return closed


async def add(change: Change, statement: Statement, action: Action) -> None:
    """Add a statement, and write down who made it."""
    await change.work.statements.add(statement)
    currency = statement.currency
    details = {
        "account": statement.account_id,
        "amount": f"{currency.text(statement.amount)} {currency.code}",
    }
    if statement.credited is not None:
        details |= {"credited": statement.credited, "reason": statement.reason or ""}
    await change.record(action, f"statement:{statement.number}", details)


async def known(work: Work, number: str) -> Statement:
    """Return a statement that was made under an idempotency key."""
    statement = await work.statements.get(number)
    if statement is None:
        raise StorageUnavailable(f"there is no statement {number}")
    return statement


async def _span(work: Work, account_id: str, end: LedgerEnd) -> Span:
    first, last = end.billed_to + 1, end.last_sequence
    from_at, to_at = await work.usage.times(account_id, (first, last))
    return Span(first, last, from_at, to_at, end.head)


async def _statement(
    work: Work,
    account_id: str,
    currency: Currency,
    lines: tuple[Line, ...],
    balance: int,
    span: Span,
    now: float,
) -> Statement:
    kind = StatementKind.STATEMENT
    serial, position = await work.statements.next_place(kind)
    amount = sum(line.amount for line in lines)
    return Statement(
        number_of(kind, serial, now),
        kind,
        position,
        account_id,
        currency,
        lines,
        balance + amount,
        now,
        span,
    )
