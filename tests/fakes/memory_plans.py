"""Plans, and which account has which, in memory."""

from dataclasses import replace

from plg.application.ports.plans.plans import PlansPort
from plg.domain.money import Currency
from plg.domain.plans.account_plans import AccountTerms, Assignment, Override
from plg.domain.plans.plans import Plan, Unit
from plg.domain.plans.tariffs import SpendCap
from tests.fakes.memory_tables import Twin

EUR = Currency("EUR")
BASIC = Plan("basic", 1, "Basic", EUR, Unit.REQUEST, 100, None, 100_000_000)
PREMIUM = replace(BASIC, code="premium", name="Premium", requests_per_day=1000, price=50_000_000)
ENTERPRISE = replace(
    BASIC, code="enterprise", name="Enterprise", requests_per_day=None, price=30_000_000
)
FIRST_PLANS = (BASIC, ENTERPRISE, PREMIUM)


class MemoryPlans(Twin, PlansPort):
    """Plans and terms in dicts; the first plans are always there."""

    async def all(self) -> list[Plan]:
        held = {(plan.code, plan.version): plan for plan in FIRST_PLANS} | self._read.plans
        return [held[key] for key in sorted(held)]

    async def versions(self, code: str) -> list[Plan]:
        return [plan for plan in await self.all() if plan.code == code]

    async def add(self, plan: Plan) -> None:
        self._written.plans[plan.code, plan.version] = plan

    async def of_account(self, account_id: str, now: float) -> AccountTerms:
        tables = self._read
        assignments = [a for a in tables.assignments.values() if a.account_id == account_id]
        overrides = [
            each
            for each in tables.overrides.values()
            if each.account_id == account_id and each.ends_at > now
        ]
        return AccountTerms(
            tuple(sorted(assignments, key=lambda each: each.from_at)),
            tuple(sorted(overrides, key=lambda each: (each.from_at, each.id))),
            tables.caps.get(account_id),
            tables.own_caps.get(account_id),
        )

    async def assign(self, assignment: Assignment) -> None:
        held = self._written.assignments
        for account_id, from_at in list(held):
            if account_id == assignment.account_id and from_at >= assignment.from_at:
                del held[account_id, from_at]
        held[assignment.account_id, assignment.from_at] = assignment

    async def add_override(self, override: Override) -> None:
        self._written.overrides[override.id] = override

    async def end_override(self, account_id: str, override_id: str, now: float) -> bool:
        held = self._written.overrides.get(override_id)
        if held is None or held.account_id != account_id or held.ends_at <= now:
            return False
        if held.from_at < now:
            self._written.overrides[override_id] = replace(held, until_at=now)
        else:
            del self._written.overrides[override_id]
        return True

    async def set_cap(self, account_id: str, cap: SpendCap | None) -> None:
        self._written.caps.pop(account_id, None)
        if cap is not None:
            self._written.caps[account_id] = cap

    async def set_own_cap(self, account_id: str, cap: SpendCap | None) -> None:
        self._written.own_caps.pop(account_id, None)
        if cap is not None:
            self._written.own_caps[account_id] = cap
