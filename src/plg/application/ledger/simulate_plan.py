"""Tell what usage would have cost under another plan."""

from dataclasses import dataclass
from typing import Final

from plg.application.ports.clock import ClockPort
from plg.application.ports.work import UnitOfWorkPort, Work
from plg.domain.errors import Archived, InvalidParameter, NotFound
from plg.domain.ledger.comparisons import Cost, Tally, billed_cost, cost_under
from plg.domain.ledger.periods import Period
from plg.domain.ledger.usage import MICROSECONDS
from plg.domain.plans.plans import Plan, in_force
from plg.domain.records.meter_rules import MeterRules

PAGE: Final = 100


@dataclass(frozen=True, slots=True)
class Comparison:
    """What an account's usage cost, by currency, and what it would have cost."""

    account_id: str
    billed: list[Cost]
    simulated: Cost


@dataclass(frozen=True, slots=True)
class SimulatePlan:
    """Compares the cost of a period's records with what they would cost under a plan."""

    work: UnitOfWorkPort
    clock: ClockPort
    meter_rules: MeterRules

    async def __call__(
        self, code: str, version: int | None, period: Period, account_id: str | None
    ) -> list[Comparison]:
        """
        Return the comparison of one account, or of each that has used something.

        Raises:
            InvalidParameter: If there is no such plan, or no such version of it.
            NotFound: If there is no such account.
            Archived: If records of the period were moved to a file.
        """
        async with self.work.look() as work:
            plan = self._plan(await work.plans.versions(code), code, version)
            if account_id is not None and await work.accounts.get(account_id) is None:
                raise NotFound("There is no account with this id.")
        if account_id is not None:
            return [await self._comparison(account_id, plan, period)]
        accounts = await self._accounts()
        found = [await self._comparison(each, plan, period) for each in accounts]
        return [each for each in found if each.billed]

    def _plan(self, versions: list[Plan], code: str, version: int | None) -> Plan:
        if not versions:
            raise InvalidParameter("plan", f"There is no plan {code!r}.")
        if version is None:
            return in_force(versions, self.clock.now())
        found = [plan for plan in versions if plan.version == version]
        if not found:
            raise InvalidParameter("version", f"The plan {code} has no version {version}.")
        return found[0]

    async def _accounts(self) -> list[str]:
        found: list[str] = []
        page: list[str] | None = None
        while page is None or len(page) == PAGE:
            async with self.work.look() as work:
                page = await work.usage.accounts(found[-1] if found else None, PAGE)
            found += page
        return found

    async def _comparison(self, account_id: str, plan: Plan, period: Period) -> Comparison:
        async with self.work.look() as work:
            tallies = await _tallies(work, account_id, period)
        simulated = cost_under(plan, tallies, self.meter_rules.count_distinct)
        return Comparison(account_id, billed_cost(tallies), simulated)


async def _tallies(work: Work, account_id: str, period: Period) -> list[Tally]:
    since, until = round(period.begins * MICROSECONDS), round(period.ends * MICROSECONDS)
    if await work.archives.archived_until(account_id) >= since:
        raise Archived(f"Records of the account {account_id} in this period were archived.")
    return await work.usage.tallies(account_id, since, until)
