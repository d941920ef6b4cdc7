"""Whatever happens to a ledger in the ordinary course of things, it fits."""

import asyncio
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from plg.domain.errors import InvalidParameter
from plg.domain.ledger.statements import StatementKind
from plg.domain.limits.rates import DAY_SECONDS
from plg.domain.money import Currency
from plg.domain.plans.plans import Metered, Unit
from plg.domain.plans.tariffs import Tariff
from tests.fakes.usage import ANA, BEN, CENT, tariff_of
from tests.unit.billing.keeping import Keeping
from tests.unit.billing.paying import ACTOR

STEPS = ("use", "use", "use", "use", "void", "pay", "credit", "later", "archive", "erase")
BY_REQUEST = tariff_of(prices={Metered.HIT: CENT // 4, Metered.NOT_FOUND: 7})
TARIFFS = (
    BY_REQUEST,
    tariff_of(unit=Unit.VIN, prices={Metered.MISS: 3 * CENT}),
    tariff_of(prices={Metered.HIT: 0}),
    replace(BY_REQUEST, currency=Currency("JPY"), plan_code="japan"),
)
steps = st.lists(
    st.tuples(
        st.sampled_from(STEPS),
        st.sampled_from([ANA, BEN]),
        st.sampled_from(TARIFFS),
        st.sampled_from(list(Metered)),
        st.sampled_from([None, "V1", "V2"]),
    ),
    min_size=5,
    max_size=60,
)
Step = tuple[str, str, Tariff, Metered, str | None]


class History(Keeping):
    """A ledger that lives."""

    async def step(self, step: Step) -> None:
        kind, account, tariff, metered, vin = step
        match kind:
            case "use":
                self.use(account=account, tariff=tariff, metered=metered, vin=vin)
            case "void" if standing := self.standing(account):
                self.take_back(standing[-1])
            case "pay":
                await self.pay(self.ana if account == ANA else self.ben)
            case "credit":
                await self.give_back()
            case "later":
                self.clock.advance(DAY_SECONDS * 2.5)
            case "archive":
                await self.archive(account)
            case "erase":
                await self.erase(vin or "123456", in_files=metered is Metered.HIT)

    async def give_back(self) -> None:
        found = [
            each
            for each in self.work.tables.statements.values()
            if each.kind is StatementKind.STATEMENT
        ]
        if found:
            try:
                await self.credit(found[-1].number, "broken", None, ACTOR)
            except InvalidParameter:
                return

    def standing(self, account: str) -> list[str]:
        mine = [record for place, record in self.work.tables.usage.items() if place[0] == account]
        voided = {record.voids for record in mine}
        billed_to = self.work.tables.billed_to.get(account, 0)
        return [
            record.id
            for record in mine
            if record.voids is None
            and record.sequence not in voided
            and record.sequence > billed_to - 3
        ]


@settings(max_examples=150, deadline=None)
@given(steps)
def test_whatever_happened_is_verified(all_steps: list[Step]) -> None:
    async def live() -> None:
        history = History()
        for each in all_steps:
            await history.step(each)
        assert (await history.verify()).differences == []
        for path in history.files.files:
            assert (await history.verify_file(path)).differences == []

    asyncio.run(live())
