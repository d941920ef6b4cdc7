"""Two accounts, and everything that changes what they may use and pay."""

from plg.application.audited_change import AuditedChange
from plg.application.identity.change_account import AccountPatch, ChangeAccount
from plg.application.plans.assign_plan import PlanChange
from plg.application.plans.end_override import EndOverride
from plg.application.plans.list_plans import ListPlans
from plg.application.plans.make_plan import MakePlan
from plg.application.plans.override_plan import OverridePlan
from plg.application.plans.set_spend_cap import SetSpendCap
from plg.application.plans.show_terms import ShowTerms
from plg.application.plans.tariffs import TariffOf
from plg.domain.audit import Actor
from plg.domain.plans.plans import Plan
from plg.domain.records.meter_rules import MeterRule, MeterRules
from tests.fakes.clock import StoppedClock
from tests.fakes.remembered import NotedForgetting
from tests.fakes.work import MemoryWork
from tests.unit.keys.world import account_of

KNOWN = MeterRules([MeterRule("products")])
ACTOR = Actor("account:root", "root", "192.0.2.1", "r-1")


class World:
    def __init__(self) -> None:
        self.work, self.clock = MemoryWork(), StoppedClock()
        self.remembered = NotedForgetting()
        for name in ("ana", "ben"):
            self.work.tables.accounts[name] = account_of(name)
        work, clock, remembered = self.work, self.clock, self.remembered
        tariff_of, changes = TariffOf("basic"), AuditedChange(work, remembered, clock)
        self.list = ListPlans(work, clock)
        self.make = MakePlan(changes, KNOWN)
        self.show = ShowTerms(work, tariff_of, clock)
        self.override = OverridePlan(changes, tariff_of, KNOWN)
        self.end = EndOverride(changes)
        self.set_cap = SetSpendCap(changes, tariff_of)
        self.change_account = ChangeAccount(changes)

    async def assign(self, code: str, *, version: int | None = None) -> None:
        wanted = AccountPatch(plan=PlanChange(code, version))
        await self.change_account("ana", wanted, ACTOR)

    async def plan(self) -> Plan:
        """Return what Ana has, overrides applied."""
        return (await self.show("ana")).effective
