"""Give an account a plan."""

from dataclasses import dataclass

from plg.application.audited_change import Change
from plg.domain.audit import Action
from plg.domain.errors import InvalidParameter
from plg.domain.ledger.periods import next_period
from plg.domain.plans.account_plans import Assignment


@dataclass(frozen=True, slots=True)
class PlanChange:
    """
    Which plan an account is to have.

    Attributes:
        version: The version to stay on; None to follow the plan's versions.
        at_period_end: Whether it begins with the next period, not now.
    """

    code: str
    version: int | None = None
    at_period_end: bool = False


async def assign_plan(change: Change, account_id: str, wanted: PlanChange) -> None:
    """
    Have an account's plan change, within the transaction that has read the account.

    What was planned for that time or later is dropped.

    Raises:
        InvalidParameter: If there is no such plan, or no such version of it.
    """
    work, now = change.work, change.now
    versions = [plan.version for plan in await work.plans.versions(wanted.code)]
    if not versions:
        raise InvalidParameter("plan", f"There is no plan {wanted.code!r}.")
    if wanted.version is not None and wanted.version not in versions:
        raise InvalidParameter(
            "plan_version", f"The plan {wanted.code} has no version {wanted.version}."
        )
    begins = next_period(now) if wanted.at_period_end else now
    await work.plans.assign(Assignment(account_id, begins, wanted.code, wanted.version))
    details = {
        "plan": wanted.code,
        "version": "newest" if wanted.version is None else str(wanted.version),
        "effective": "period_end" if wanted.at_period_end else "now",
    }
    await change.record(Action.PLAN_ASSIGNED, f"account:{account_id}", details)
    await change.outdate(account_id)
