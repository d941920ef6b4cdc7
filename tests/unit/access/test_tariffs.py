"""From an account to its tariff, which comes with the caller."""

from dataclasses import replace

import pytest

from plg.application.audited_change import AuditedChange
from plg.application.plans.assign_plan import PlanChange, assign_plan
from plg.application.plans.tariffs import TariffOf
from plg.application.ports.identity.access_changes import AccessChange
from plg.domain.audit import Action
from plg.domain.errors import InvalidParameter, StorageUnavailable
from plg.domain.identity.api_key_changes import KeyChange
from plg.domain.ledger.periods import next_period
from plg.domain.limits.rates import NO_RATES, Rate, Rates
from plg.domain.plans.account_plans import Override
from plg.domain.plans.tariffs import SpendCap, Tariff
from plg.domain.plans.terms import Terms
from tests.fakes.clock import NOON
from tests.fakes.memory_plans import BASIC
from tests.unit.access.session_world import ANA as LOGGED_IN
from tests.unit.access.session_world import SessionWorld
from tests.unit.keys.world import ACTOR, ANA, World

FAST = Rate(1000, 60)
QUICK = replace(BASIC, code="quick", rate=FAST, from_at=NOON)


@pytest.fixture
def world() -> World:
    return World()


async def tariff(world: World, account_id: str = "ana") -> Tariff:
    async with world.work.look() as work:
        return await world.tariff_of(work, account_id, world.clock.now())


async def assign(world: World, change: PlanChange, account_id: str = "ana") -> None:
    async with AuditedChange(world.work, world.remembered, world.clock)(ACTOR) as changes:
        await assign_plan(changes, account_id, change)


async def add_override(world: World, terms: Terms, account_id: str = "ana") -> None:
    async with world.work.change() as work:
        until = NOON + 60
        await work.plans.add_override(Override("O1", account_id, NOON, until, terms))


async def add_quick(world: World) -> None:
    async with world.work.change() as work:
        await work.plans.add(QUICK)


async def test_an_account_that_was_given_no_plan_has_the_default_one(world: World) -> None:
    assert (await tariff(world)).plan_code == "basic"


async def test_accounts_with_the_same_terms_share_one_tariff(world: World) -> None:
    assert await tariff(world, "ana") is await tariff(world, "ben")


async def test_other_terms_are_another_tariff(world: World) -> None:
    await add_override(world, Terms(price=3))
    async with world.work.change() as work:
        await work.plans.set_cap("ben", SpendCap(5, blocks=True))
    ana, ben, cleo = [await tariff(world, each) for each in ("ana", "ben", "cleo")]

    assert len({ana, ben, cleo}) == 3
    assert ben.spend_cap == SpendCap(5, blocks=True)


async def test_a_plan_that_is_not_there_is_no_free_ride(world: World) -> None:
    world.tariff_of = TariffOf("gold")
    with pytest.raises(StorageUnavailable, match="gold"):
        await tariff(world)


async def test_an_account_gets_a_plan_at_once(world: World) -> None:
    await assign(world, PlanChange("premium"))
    record = world.work.audit_records[-1]

    assert (await tariff(world)).plan_code == "premium"
    assert world.work.changes == [AccessChange("ana")]
    assert (record.action, record.target) == (Action.PLAN_ASSIGNED, "account:ana")
    assert record.details == {"plan": "premium", "version": "newest", "effective": "now"}


async def test_an_account_gets_a_plan_at_the_periods_end(world: World) -> None:
    await assign(world, PlanChange("premium", at_period_end=True))
    before = await tariff(world)
    world.clock.advance(next_period(NOON) - NOON)

    assert (before.plan_code, before.valid_until) == ("basic", next_period(NOON))
    assert (await tariff(world)).plan_code == "premium"


async def test_what_was_planned_is_dropped_by_another_decision(world: World) -> None:
    await assign(world, PlanChange("premium", at_period_end=True))
    await assign(world, PlanChange("enterprise", version=1))
    now = await tariff(world)

    assert (now.plan_code, now.valid_until) == ("enterprise", float("inf"))


@pytest.mark.parametrize(
    ("change", "parameter"),
    [(PlanChange("gold"), "plan"), (PlanChange("basic", version=2), "plan_version")],
)
async def test_a_plan_that_is_not_there_cannot_be_given(
    world: World, change: PlanChange, parameter: str
) -> None:
    with pytest.raises(InvalidParameter) as caught:
        await assign(world, change)

    assert caught.value.parameter == parameter
    assert world.work.tables.assignments == {}


async def test_a_key_has_its_accounts_tariff_and_is_certain_as_long(world: World) -> None:
    await add_override(world, Terms(price=3))
    verified = await world.verified(await world.issued(KeyChange("ci", expires_at=None)))

    assert verified.caller.tariff is await tariff(world)
    assert verified.caller.rates is NO_RATES
    assert verified.valid_until == NOON + 60


async def test_a_key_expires_before_its_tariff_does(world: World) -> None:
    await add_override(world, Terms(price=3))
    verified = await world.verified(await world.issued(KeyChange("ci", expires_at=NOON + 9)))

    assert verified.valid_until == NOON + 9


async def test_the_rate_of_a_plan_holds_where_the_key_has_none(world: World) -> None:
    await add_quick(world)
    plain = await world.issued()
    own = await world.issued(KeyChange("ci", burst=Rate(5, 60)))
    await assign(world, PlanChange("quick"))

    assert (await world.verified(plain)).caller.rates == Rates(FAST, FAST)
    assert (await world.verified(own)).caller.rates == Rates(Rate(5, 60), FAST)


async def test_an_override_has_its_rate_before_the_plan(world: World) -> None:
    await add_quick(world)
    await assign(world, PlanChange("quick"))
    issued = await world.issued()
    await add_override(world, Terms(rate=Rate(7, 1)))

    assert (await world.verified(issued)).caller.rates == Rates(Rate(7, 1), Rate(7, 1))


async def test_a_key_does_not_keep_the_rate_of_a_plan_that_its_maker_had(world: World) -> None:
    await add_quick(world)
    await assign(world, PlanChange("quick"))
    maker = (await world.verified(await world.issued())).caller
    caller = replace(ANA, rates=maker.rates, tariff=maker.tariff)

    assert (await world.issued(caller=caller)).key.rates == NO_RATES


async def test_a_key_may_have_the_rate_of_its_makers_plan_and_no_more(world: World) -> None:
    await add_quick(world)
    await assign(world, PlanChange("quick"))
    caller = replace(ANA, tariff=await tariff(world))
    issued = await world.issued(KeyChange("ci", burst=FAST), caller)

    assert issued.key.rates.burst == FAST
    with pytest.raises(InvalidParameter, match=r"limits\.burst"):
        await world.issued(KeyChange("ci", burst=Rate(1001, 60)), caller)


async def test_a_token_has_its_accounts_tariff_and_is_certain_as_long() -> None:
    world = SessionWorld()
    await world.add()
    tokens = await world.log_in()
    async with world.work.change() as work:
        override = Override("O1", LOGGED_IN.id, NOON, NOON + 60, Terms(rate=FAST))
        await work.plans.add_override(override)
    caller, valid_until = await world.verify(tokens.access_token)

    assert caller.tariff is not None
    assert (caller.rates, valid_until) == (Rates(FAST, FAST), NOON + 60)
