"""Ana and Ben, who use something, and everything that bills it."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from plg.application.audited_change import AuditedChange
from plg.application.ledger.close_all import CloseAll
from plg.application.ledger.close_period import ClosePeriod, Paid
from plg.application.ledger.credit_statement import CreditStatement
from plg.application.ledger.list_statements import ListStatements
from plg.application.ledger.list_usage_records import ListUsageRecords, RecordQuery
from plg.application.ledger.read_statement_records import ReadStatementRecords
from plg.application.ledger.show_billing_info import ShowBillingInfo
from plg.application.ledger.show_statement import ShowStatement
from plg.application.ledger.show_usage import ShowUsage
from plg.application.ledger.simulate_plan import SimulatePlan
from plg.application.plans.tariffs import TariffOf
from plg.domain.audit import Actor
from plg.domain.identity.access import Caller
from plg.domain.identity.accounts import ADMIN_SCOPES, USER_SCOPES
from plg.domain.ledger.statements import Statement
from plg.domain.ledger.usage import UsageRecord
from plg.domain.plans.plans import Metered
from plg.domain.plans.tariffs import Tariff
from plg.domain.records.meter_rules import MeterRules
from tests.fakes import memory_usage
from tests.fakes.clock import StoppedClock
from tests.fakes.remembered import NotedForgetting
from tests.fakes.usage import ANA, BEN, TARIFF, asked, charge, reserve
from tests.fakes.work import MemoryWork
from tests.unit.keys.world import account_of

EVERYTHING = RecordQuery()
ACTOR = Actor("account:root", "root", "192.0.2.1", "r-1")


class Paying:
    """A world in which the ledger writes down what is used."""

    def __init__(self) -> None:
        self.work, self.clock = MemoryWork(), StoppedClock()
        for account_id in (ANA, BEN):
            name = account_id[2:5].lower()
            self.work.tables.accounts[account_id] = replace(account_of(name), id=account_id)
        work, clock, tariff_of = self.work, self.clock, TariffOf("basic")
        self.ana, self.ben = (
            Caller(f"account:{each}", USER_SCOPES, account_id=each) for each in (ANA, BEN)
        )
        self.admin = Caller("account:root", ADMIN_SCOPES, account_id="root")
        changes = AuditedChange(work, NotedForgetting(), clock)
        self.paying = ClosePeriod(changes, tariff_of)
        self.close_all = CloseAll(changes)
        self.credit = CreditStatement(changes)
        self.statements = ListStatements(work)
        self.statement = ShowStatement(work)
        self.records = ListUsageRecords(work)
        self.covered = ReadStatementRecords(work)
        self.usage = ShowUsage(work, tariff_of, clock)
        self.info = ShowBillingInfo(work, tariff_of, clock)
        self.simulate = SimulatePlan(work, clock, MeterRules())
        self._count = 0

    def use(
        self,
        times: int = 1,
        *,
        account: str = ANA,
        metered: Metered = Metered.HIT,
        tariff: Tariff = TARIFF,
        vin: str | None = None,
    ) -> str:
        """Have answers written down; return the id of the last record."""
        what = ""
        for _ in range(times):
            self._count += 1
            made = asked(self._count, account=account, tariff=tariff, vin=vin, at=self.clock.now())
            memory_usage.submit(self.work.tables, [charge(made, metered)])
            what = made.id
        return what

    def reserve(self, *, vin: str | None = None) -> None:
        self._count += 1
        made = asked(self._count, vin=vin, at=self.clock.now())
        memory_usage.submit(self.work.tables, [reserve(made)])

    def take_back(self, record_id: str) -> None:
        self._count += 1
        void_id = f"01VOID{self._count:020}"
        memory_usage.take_back(self.work.tables, record_id, void_id, self.clock.now())

    async def pay(self, caller: Caller | None = None, key: str | None = None) -> list[Statement]:
        paid: Paid = await self.paying(caller or self.ana, None, key, ACTOR)
        return list(paid.statements)

    async def closed(self) -> list[Statement]:
        return [each async for each in self.close_all(ACTOR)]

    async def in_statement(self, number: str) -> list[UsageRecord]:
        records = await self.covered(self.admin, number)
        return [record async for page in records.pages() for record in page]


Asking = Callable[[Caller, str | None], Awaitable[object]]


async def paid(paying: Paying, times: int = 2) -> str:
    paying.use(times)
    (statement,) = await paying.pay()
    return statement.number
