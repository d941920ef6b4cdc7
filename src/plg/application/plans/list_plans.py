"""List plans."""

from dataclasses import dataclass
from itertools import groupby

from plg.application.ports.clock import ClockPort
from plg.application.ports.work import UnitOfWorkPort
from plg.domain.plans.plans import Plan, in_force


@dataclass(frozen=True, slots=True)
class ListPlans:
    """Return the plans on offer, as they are in force now; or every version that there was."""

    work: UnitOfWorkPort
    clock: ClockPort

    async def __call__(
        self, *, after: str | None = None, limit: int | None = None, is_all: bool = False
    ) -> list[Plan]:
        """Return plans by code and version, from the one after the code `after`."""
        async with self.work.look() as work:
            plans = await work.plans.all()
        if not is_all:
            now = self.clock.now()
            newest = (in_force(list(each), now) for _, each in groupby(plans, lambda p: p.code))
            plans = [plan for plan in newest if plan.is_offered]
        return [plan for plan in plans if plan.code > (after or "")][:limit]
