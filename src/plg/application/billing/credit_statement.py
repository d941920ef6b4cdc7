"""Give back what a statement billed too much."""

from collections.abc import Sequence
from dataclasses import dataclass

from plg.application.billing.closing import add
from plg.application.ports.clock import ClockPort
from plg.application.ports.work import UnitOfWorkPort
from plg.domain.audit import Action, Actor
from plg.domain.errors import InvalidParameter, NotFound
from plg.domain.statements import (
    REASON_LENGTH_MAX,
    CreditedLine,
    Statement,
    StatementKind,
    credit,
    due,
    number_of,
)


@dataclass(frozen=True, slots=True)
class CreditStatement:
    """Makes a credit note; the statement stays as it is."""

    work: UnitOfWorkPort
    clock: ClockPort

    async def __call__(
        self, number: str, reason: str, lines: Sequence[CreditedLine] | None, actor: Actor
    ) -> Statement:
        """
        Return the credit note, for these lines or for all that is left of the statement.

        Raises:
            NotFound: If there is no such statement.
            InvalidParameter: If not as much is left of a line, or there is no reason.
        """
        if not 1 <= len(reason.strip()) <= REASON_LENGTH_MAX:
            raise InvalidParameter(
                "reason", f"reason must have 1 to {REASON_LENGTH_MAX} characters."
            )
        kind = StatementKind.CREDIT_NOTE
        async with self.work.change() as work:
            # First, since it lets nobody else credit until the end.
            serial, position = await work.statements.next_place(kind)
            statement = await work.statements.get(number)
            if statement is None:
                raise NotFound("There is no statement with this number.")
            given = credit(statement, await work.statements.credits_of(number), lines)
            now, account_id = self.clock.now(), statement.account_id
            balance = (await work.statements.balances(account_id))[statement.currency.code]
            note = Statement(
                number_of(kind, serial, now),
                kind,
                position,
                account_id,
                statement.currency,
                given,
                balance + due(given),
                now,
                credited=number,
                reason=reason.strip(),
            )
            await add(work, note, Action.STATEMENT_CREDITED, actor)
        return note
