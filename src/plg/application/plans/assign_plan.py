"""Give an account a plan."""

from dataclasses import dataclass

from plg.application.ports.identity.access_changes import AccessChange
from plg.application.ports.work import Work
from plg.domain.audit import Action, Actor, AuditRecord
from plg.domain.errors import InvalidParameter
from plg.domain.ids import new_id
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


async def assign_plan(
    work: Work, account_id: str, wanted: PlanChange, actor: Actor, now: float
) -> None:
    """
    Have an account's plan change, within the transaction that has read the account.

    What was planned for that time or later is dropped.

    Raises:
        InvalidParameter: If there is no such plan, or no such version of it.
    """
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
    target = f"account:{account_id}"
    await work.audit.record(
        AuditRecord(new_id(now), now, actor, Action.PLAN_ASSIGNED, target, details)
    )
    await work.access_changes.publish(AccessChange(account_id), now)
