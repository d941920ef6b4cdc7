"""Give back what a statement billed too much."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from plg.application.audited_change import AuditedChange, Change
from plg.application.ledger.closing import add, known
from plg.domain.audit import Action, Actor
from plg.domain.errors import NotFound
from plg.domain.ledger.statements import (
    REASON_LENGTH_MAX,
    CreditedLine,
    Line,
    Statement,
    StatementKind,
    credit,
    due,
    number_of,
)
from plg.domain.texts import line_of


@dataclass(frozen=True, slots=True)
class CreditStatement:
    """
    Makes a credit note; the statement stays as it is.

    An idempotency key gives the same credit note of the statement again, for ever.
    """

    changes: AuditedChange

    async def __call__(
        self,
        number: str,
        reason: str,
        lines: Sequence[CreditedLine] | None,
        actor: Actor,
        key: str | None = None,
    ) -> Statement:
        """
        Return the credit note, for these lines or for all that is left of the statement.

        Raises:
            NotFound: If there is no such statement.
            InvalidParameter: If not as much is left of a line, or the reason cannot be one.
        """
        given_reason = line_of("reason", reason, REASON_LENGTH_MAX)
        async with self.changes(actor) as change:
            work = change.work
            statement = await work.statements.get(number)
            if statement is None:
                raise NotFound("There is no statement with this number.")
            account_id, bound = statement.account_id, None if key is None else _bound(number, key)
            await work.usage.end(account_id)  # lets nobody else credit or close until the end
            made = None if bound is None else await work.statements.closing(account_id, bound)
            if made is not None:
                return await known(work, made[0])
            given = credit(statement, await work.statements.credits_of(number), lines)
            note = await _note(change, statement, given, given_reason)
            await add(change, note, Action.STATEMENT_CREDITED)
            if bound is not None:
                at = note.closed_at
                await work.statements.note_closing(account_id, bound, (note.number,), at)
        return note


async def _note(
    change: Change, statement: Statement, given: tuple[Line, ...], reason: str
) -> Statement:
    statements, now, account_id = change.work.statements, change.now, statement.account_id
    serial, position = await statements.next_place(StatementKind.CREDIT_NOTE)
    balance = (await statements.balances(account_id))[statement.currency.code]
    return Statement(
        number_of(StatementKind.CREDIT_NOTE, serial, now),
        StatementKind.CREDIT_NOTE,
        position,
        account_id,
        statement.currency,
        given,
        balance + due(given),
        now,
        credited=statement.number,
        reason=reason,
    )


def _bound(number: str, key: str) -> str:
    """Return what a key is kept as: the account's own keys, for closing, are others."""
    return f"credit:{hashlib.sha256(f'{number}:{key}'.encode()).hexdigest()}"
