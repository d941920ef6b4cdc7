"""Make a plan, or a new version of one."""

from dataclasses import dataclass

from plg.application.audited_change import AuditedChange
from plg.domain.audit import Action, Actor
from plg.domain.ledger.periods import next_period
from plg.domain.plans.plans import Plan
from plg.domain.plans.terms import NewPlan
from plg.domain.records.meter_rules import MeterRules


@dataclass(frozen=True, slots=True)
class MakePlan:
    """
    Make the first version of a plan, which is in force at once, or the next one.

    Accounts that follow the plan have its next version from the next period on, so that no price
    changes within one, unless it is wanted at once.
    """

    changes: AuditedChange
    meter_rules: MeterRules

    async def __call__(
        self, code: str, draft: NewPlan, actor: Actor, *, is_at_once: bool = False
    ) -> Plan:
        """
        Return the version that was made.

        Raises:
            InvalidParameter: If it cannot be so.
        """
        draft.terms.check_resources(self.meter_rules.resources)
        async with self.changes(actor) as change:
            work, now = change.work, change.now
            versions = await work.plans.versions(code)
            if versions:
                begins = now if is_at_once else next_period(now)
                plan = draft.version_after(versions[-1], now, begins)
            else:
                plan = draft.first_version(code, now)
            await work.plans.add(plan)
            details = {"version": str(plan.version), "from_at": str(plan.from_at)}
            await change.record(Action.PLAN_MADE, f"plan:{code}", details)
            if versions:
                await change.outdate(None)
        return plan
