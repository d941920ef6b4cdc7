"""Check that new accounts can have a plan."""

from dataclasses import dataclass

from plg.application.ports.work import UnitOfWorkPort
from plg.domain.errors import InvalidParameter


@dataclass(frozen=True, slots=True)
class CheckDefaultPlan:
    """Refuses a default plan that does not exist, before anybody would have it."""

    work: UnitOfWorkPort
    default_plan: str

    async def __call__(self) -> None:
        """
        Return if the plan exists.

        Raises:
            InvalidParameter: If it does not.
        """
        async with self.work.look() as work:
            codes = sorted({plan.code for plan in await work.plans.all()})
        if self.default_plan not in codes:
            raise InvalidParameter(
                "DEFAULT_PLAN",
                f"DEFAULT_PLAN names the plan {self.default_plan}, which does not exist: name one "
                f"of {', '.join(codes)}, or make it with plg plans create.",
            )
