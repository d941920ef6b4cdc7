"""Limit what an account may spend."""

from dataclasses import dataclass

from plg.application.audited_change import AuditedChange
from plg.application.plans.tariffs import TariffOf
from plg.domain.audit import Action, Actor
from plg.domain.money import Currency
from plg.domain.plans.tariffs import SpendCap


@dataclass(frozen=True, slots=True)
class SetSpendCap:
    """Gives an account a spend cap, which counts by the month, or takes it away."""

    changes: AuditedChange
    tariff_of: TariffOf

    async def __call__(self, account_id: str, cap: SpendCap | None, actor: Actor) -> Currency:
        """
        Set the cap, None for none, and return the currency that it counts in: the plan's.

        Raises:
            NotFound: If there is no such account.
        """
        async with self.changes(actor) as change:
            await change.account(account_id)
            standing = await self.tariff_of.standing(change.work, account_id, change.now)
            currency = standing.plan.currency
            await change.work.plans.set_cap(account_id, cap)
            details = details_of(cap, currency)
            await change.record(Action.SPEND_CAP_SET, f"account:{account_id}", details)
            await change.outdate(account_id)
        return currency


def details_of(cap: SpendCap | None, currency: Currency) -> dict[str, str]:
    """Return what is written down of a cap."""
    amount = "none" if cap is None else f"{currency.text(cap.nanos)} {currency.code}"
    return {"cap": amount, "action": "block" if cap is not None and cap.blocks else "notify"}
