"""Close what an account has not been billed yet."""

from dataclasses import dataclass

from plg.application.audited_change import AuditedChange, Change
from plg.application.ledger.authorize_account import account_for
from plg.application.ledger.closing import close, known
from plg.application.plans.tariffs import TariffOf
from plg.application.ports.ledger.usage import LedgerEnd
from plg.domain.audit import Actor
from plg.domain.identity.access import Caller
from plg.domain.ledger.statements import Statement
from plg.domain.money import Currency


@dataclass(frozen=True, slots=True)
class Paid:
    """
    What came of it.

    Attributes:
        statements: One a currency; none where there was nothing to bill.
        currency: That of the account's plan.
    """

    statements: tuple[Statement, ...]
    currency: Currency


@dataclass(frozen=True, slots=True)
class ClosePeriod:
    """
    Closes the records up to now into statements.

    However often it is called, also at once, each record gets into one statement. An idempotency
    key gives the same statements again, for ever.
    """

    changes: AuditedChange
    tariff_of: TariffOf

    async def __call__(
        self, caller: Caller, wanted: str | None, key: str | None, actor: Actor
    ) -> Paid:
        """
        Close the caller's account, or for admins the one that is wanted.

        Raises:
            InsufficientScope: If it is not the caller's own, and the caller is no admin.
            NotFound: If there is no such account.
        """
        async with self.changes(actor) as change:
            work = change.work
            account_id = (await account_for(work, caller, wanted)).id
            end = await work.usage.end(account_id)
            standing = await self.tariff_of.standing(work, account_id, change.now)
            numbers = None if key is None else await work.statements.closing(account_id, key)
            if numbers is None:
                statements = await _close(change, account_id, end, key)
            else:
                statements = [await known(work, number) for number in numbers]
        return Paid(tuple(statements), standing.plan.currency)


async def _close(
    change: Change, account_id: str, end: LedgerEnd | None, key: str | None
) -> list[Statement]:
    statements = await close(change, account_id, end)
    if key is not None:
        numbers = tuple(each.number for each in statements)
        await change.work.statements.note_closing(account_id, key, numbers, change.now)
    return statements
