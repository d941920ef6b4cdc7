"""Terms that one account has: overrides and spend caps."""

from dataclasses import replace

import pytest

from plg.application.plans.override_plan import NewOverride
from plg.application.ports.identity.access_changes import AccessChange
from plg.domain.audit import Action
from plg.domain.errors import InvalidParameter, NotFound, TooManyHeld
from plg.domain.money import Currency
from plg.domain.plans.account_plans import AHEAD_SECONDS_MAX, OVERRIDES_MAX
from plg.domain.plans.tariffs import SpendCap
from plg.domain.plans.terms import Terms
from tests.fakes.clock import NOON
from tests.fakes.memory_plans import BASIC
from tests.unit.billing.world import ACTOR, World

CHEAP = Terms(price=1)
CAP = SpendCap(250 * 10**9, blocks=True)


async def test_an_override_holds_from_now_until_it_is_ended(world: World) -> None:
    added = await world.override("ana", NewOverride(CHEAP), ACTOR)
    with_it = await world.plan()
    world.clock.advance(1)
    await world.end("ana", added.override.id, ACTOR)

    assert with_it == replace(BASIC, price=1)
    assert await world.plan() == BASIC
    assert world.work.actions == [Action.PLAN_OVERRIDDEN, Action.OVERRIDE_ENDED]
    assert world.work.changes == [AccessChange("ana")] * 2
    assert world.remembered.forgotten == ["ana"] * 2


async def test_an_override_may_hold_for_some_time_to_come(world: World) -> None:
    draft = NewOverride(CHEAP, NOON + 10, NOON + 20)
    await world.override("ana", draft, ACTOR)
    prices = []
    for _ in range(3):
        prices.append((await world.plan()).price)
        world.clock.advance(10)

    assert prices == [BASIC.price, 1, BASIC.price]


async def test_an_override_does_not_change_the_past(world: World) -> None:
    added = await world.override("ana", NewOverride(CHEAP, NOON - 10), ACTOR)

    assert added.override.from_at == NOON


async def test_an_override_that_has_not_begun_will_not(world: World) -> None:
    added = await world.override("ana", NewOverride(CHEAP, NOON + 10), ACTOR)
    await world.end("ana", added.override.id, ACTOR)
    world.clock.advance(10)

    assert await world.plan() == BASIC


async def test_an_override_is_written_down_with_what_it_is_about(world: World) -> None:
    added = await world.override("ana", NewOverride(Terms(price=1, rate=None)), ACTOR)
    record = world.work.audit_records[-1]

    assert (record.actor, record.target) == (ACTOR, "account:ana")
    assert record.details == {"override": added.override.id, "terms": "price rate"}
    assert added.currency == Currency("EUR")


@pytest.mark.parametrize(
    ("draft", "parameter"),
    [
        (NewOverride(Terms()), "terms"),
        (NewOverride(CHEAP, None, NOON), "until"),
        (NewOverride(CHEAP, NOON + 9, NOON + 9), "until"),
        (NewOverride(CHEAP, None, NOON + AHEAD_SECONDS_MAX + 1), "until"),
        (NewOverride(CHEAP, NOON + AHEAD_SECONDS_MAX + 1), "from"),
        (NewOverride(Terms(requests_per_day=0)), "requests_per_day"),
    ],
)
async def test_an_override_that_cannot_be_is_not_added(
    world: World, draft: NewOverride, parameter: str
) -> None:
    with pytest.raises(InvalidParameter) as caught:
        await world.override("ana", draft, ACTOR)

    assert caught.value.parameter == parameter
    assert (world.work.actions, world.remembered.forgotten) == ([], [])


async def test_an_account_has_so_many_overrides_and_no_more(world: World) -> None:
    for number in range(OVERRIDES_MAX):
        await world.override("ana", NewOverride(CHEAP, NOON + number, NOON + 500), ACTOR)
    with pytest.raises(TooManyHeld):
        await world.override("ana", NewOverride(CHEAP), ACTOR)
    world.clock.advance(500)

    await world.override("ana", NewOverride(CHEAP), ACTOR)


async def test_an_override_of_another_account_cannot_be_ended(world: World) -> None:
    added = await world.override("ana", NewOverride(CHEAP), ACTOR)
    with pytest.raises(NotFound):
        await world.end("ben", added.override.id, ACTOR)


async def test_an_account_that_is_not_there_has_no_terms(world: World) -> None:
    with pytest.raises(NotFound):
        await world.override("nobody", NewOverride(CHEAP), ACTOR)
    with pytest.raises(NotFound):
        await world.set_cap("nobody", CAP, ACTOR)


async def test_a_spend_cap_is_set_changed_and_taken_away(world: World) -> None:
    seen = []
    for cap in (CAP, SpendCap(1, blocks=False), None):
        await world.set_cap("ana", cap, ACTOR)
        seen.append((await world.show("ana")).terms.cap)
    details = [record.details for record in world.work.audit_records]

    assert seen == [CAP, SpendCap(1, blocks=False), None]
    assert details[0] == {"cap": "250.00 EUR", "action": "block"}
    assert details[2] == {"cap": "none", "action": "notify"}
    assert world.remembered.forgotten == ["ana"] * 3
