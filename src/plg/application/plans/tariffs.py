"""From an account to what it may do, and what that costs."""

from dataclasses import replace
from functools import lru_cache
from typing import Final

from plg.application.ports.work import Work
from plg.domain.errors import StorageUnavailable
from plg.domain.identity.access import Caller
from plg.domain.plans.account_plans import PlanState
from plg.domain.plans.tariffs import Tariff

TARIFFS_MAX: Final = 4096
"""How many different tariffs are shared; who has one beyond that has it alone."""


class TariffOf:
    """
    Tells the tariff of an account: the same object for all who have the same terms.

    Args:
        default_plan: Of accounts that were never given another.
    """

    def __init__(self, default_plan: str) -> None:
        self.default_plan = default_plan
        self._shared = lru_cache(TARIFFS_MAX)(Tariff.of)

    async def __call__(self, work: Work, account_id: str, now: float) -> Tariff:
        """
        Return the tariff that holds now.

        Raises:
            StorageUnavailable: If the database fails, or does not have the account's plan.
        """
        standing = await self.standing(work, account_id, now)
        terms = standing.terms
        return self._shared(standing.effective, terms.cap, standing.valid_until, terms.own_cap)

    async def standing(self, work: Work, account_id: str, now: float) -> PlanState:
        """
        Return what the tariff is made of.

        Raises:
            StorageUnavailable: As above.
        """
        terms = await work.plans.of_account(account_id, now)
        assignment = terms.assignment_at(now)
        code = self.default_plan if assignment is None else assignment.code
        versions = await work.plans.versions(code)
        if not versions:  # rather no answer than one that is not billed
            raise StorageUnavailable(f"there is no plan {code}")
        return PlanState.at(now, terms, versions)


def under_tariff(caller: Caller, tariff: Tariff) -> Caller:
    """Return the caller with the tariff, and its rates where the credential has none."""
    return replace(caller, tariff=tariff, rates=caller.rates.over(tariff.rates))
