"""Show what an account may use and has used."""

from dataclasses import dataclass

from plg.application.ledger.authorize_account import account_for
from plg.application.plans.tariffs import TariffOf
from plg.application.ports.clock import ClockPort
from plg.application.ports.ledger.usage import DayUse, ResourceUse
from plg.application.ports.work import UnitOfWorkPort
from plg.domain.identity.access import Caller
from plg.domain.ledger.statements import UsageSum
from plg.domain.ledger.usage import day_of
from plg.domain.plans.account_plans import PlanState


@dataclass(frozen=True, slots=True)
class ResourceUsage:
    """
    What an account has used of a resource on a day.

    Attributes:
        most: The resource's own daily quota; None without one.
    """

    name: str
    use: ResourceUse
    most: int | None

    @property
    def left(self) -> int | None:
        """Requests left of its quota, those under way counted; None without one."""
        return _left(self.most, self.use.taken)


@dataclass(frozen=True, slots=True)
class Usage:
    """
    What an account may use, and has used.

    Attributes:
        unbilled: Since the last statement.
    """

    account_id: str
    now: float
    standing: PlanState
    today: DayUse
    unbilled: list[UsageSum]

    @property
    def left_today(self) -> int | None:
        """Requests left of the daily quota, those under way counted; None without one."""
        today = self.today
        return _left(self.standing.effective.requests_per_day, today.requests + today.reserved)

    @property
    def vins_left_today(self) -> int | None:
        """Distinct records left of the daily quota, as above; None without one."""
        today = self.today
        return _left(self.standing.effective.vins_per_day, today.vins + today.reserved_vins)

    @property
    def resources(self) -> list[ResourceUsage]:
        """The resources that were used today or have a quota of their own, by name."""
        used, quotas = self.today.resources, self.standing.effective.resource_requests
        return [
            ResourceUsage(name, used.get(name, ResourceUse()), quotas.get(name))
            for name in sorted({*used, *quotas})
        ]


@dataclass(frozen=True, slots=True)
class ShowUsage:
    """Reads counters and sums only: what it costs does not grow with the records."""

    work: UnitOfWorkPort
    tariff_of: TariffOf
    clock: ClockPort

    async def __call__(self, caller: Caller, wanted: str | None) -> Usage:
        """
        Return the usage of the caller's account, or for admins of the one that is wanted.

        Raises:
            InsufficientScope: If it is not the caller's own, and the caller is no admin.
            NotFound: If there is no such account.
        """
        now = self.clock.now()
        async with self.work.look() as work:
            account_id = (await account_for(work, caller, wanted)).id
            return Usage(
                account_id,
                now,
                await self.tariff_of.standing(work, account_id, now),
                await work.usage.on(account_id, day_of(now), now),
                await work.usage.unbilled(account_id),
            )


def _left(most: int | None, taken: int) -> int | None:
    return None if most is None else max(0, most - taken)
