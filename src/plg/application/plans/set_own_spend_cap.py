"""Let an account limit what it spends itself."""

from dataclasses import dataclass

from plg.application.audited_change import AuditedChange
from plg.application.plans.set_spend_cap import details_of
from plg.application.plans.tariffs import TariffOf
from plg.domain.audit import Action, Actor
from plg.domain.errors import NotFound
from plg.domain.identity.access import Caller
from plg.domain.money import Currency
from plg.domain.plans.tariffs import SpendCap


@dataclass(frozen=True, slots=True)
class SetOwnSpendCap:
    """
    Gives the caller's account a spend cap of its own, or takes it away.

    It stands beside the operator's, which it neither lifts nor replaces: both hold.
    """

    changes: AuditedChange
    tariff_of: TariffOf

    async def __call__(self, cap: SpendCap | None, caller: Caller, actor: Actor) -> Currency:
        """
        Set the cap, None for none, and return the currency that it counts in: the plan's.

        Raises:
            NotFound: If the caller has no account.
        """
        account_id = caller.account_id
        if account_id is None:
            raise NotFound("There is no account with this id.")
        async with self.changes(actor) as change:
            await change.account(account_id)
            standing = await self.tariff_of.standing(change.work, account_id, change.now)
            await change.work.plans.set_own_cap(account_id, cap)
            details = details_of(cap, standing.plan.currency)
            await change.record(Action.OWN_SPEND_CAP_SET, f"account:{account_id}", details)
            await change.outdate(account_id)
        return standing.plan.currency
