"""Show which plan an account has, and what it has apart from it."""

from dataclasses import dataclass

from plg.application.plans.tariffs import TariffOf
from plg.application.ports.clock import ClockPort
from plg.application.ports.work import UnitOfWorkPort
from plg.domain.errors import NotFound
from plg.domain.plans.account_plans import PlanState


@dataclass(frozen=True, slots=True)
class ShowTerms:
    """Return what holds for an account now, and what is planned."""

    work: UnitOfWorkPort
    tariff_of: TariffOf
    clock: ClockPort

    async def __call__(self, account_id: str) -> PlanState:
        """
        Return what holds.

        Raises:
            NotFound: If there is no such account.
        """
        async with self.work.look() as work:
            if await work.accounts.get(account_id) is None:
                raise NotFound("There is no account with this id.")
            return await self.tariff_of.standing(work, account_id, self.clock.now())
