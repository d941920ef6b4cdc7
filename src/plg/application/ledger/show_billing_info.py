"""Show what an account owes."""

from dataclasses import dataclass

from plg.application.ledger.authorize_account import account_for
from plg.application.plans.tariffs import TariffOf
from plg.application.ports.clock import ClockPort
from plg.application.ports.work import UnitOfWorkPort
from plg.domain.identity.access import Caller
from plg.domain.identity.accounts import Account
from plg.domain.ledger.statements import due_by_currency
from plg.domain.plans.account_plans import PlanState


@dataclass(frozen=True, slots=True)
class BillingInfo:
    """
    An account's billing profile.

    Attributes:
        due: What statements less credit notes come to, by currency. Payments are not known here.
        unbilled: What a closing now would bill, by currency.
    """

    account: Account
    standing: PlanState
    due: dict[str, int]
    unbilled: dict[str, int]

    @property
    def currencies(self) -> list[str]:
        """That of the plan, then the others in which something is due or unbilled."""
        own = self.standing.plan.currency.code
        return [own, *sorted((self.due.keys() | self.unbilled.keys()) - {own})]


@dataclass(frozen=True, slots=True)
class ShowBillingInfo:
    """Reads the newest balances and the sums of what is not billed yet."""

    work: UnitOfWorkPort
    tariff_of: TariffOf
    clock: ClockPort

    async def __call__(self, caller: Caller, wanted: str | None) -> BillingInfo:
        """
        Return the profile of the caller's account, or for admins of the one that is wanted.

        Raises:
            InsufficientScope: If it is not the caller's own, and the caller is no admin.
            NotFound: If there is no such account.
        """
        async with self.work.look() as work:
            account = await account_for(work, caller, wanted)
            return BillingInfo(
                account,
                await self.tariff_of.standing(work, account.id, self.clock.now()),
                await work.statements.balances(account.id),
                due_by_currency(await work.usage.unbilled(account.id)),
            )
