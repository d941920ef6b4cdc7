"""Make and list plans, and give them to accounts."""

from contextlib import suppress
from dataclasses import replace

import pytest

from plg.application.identity.change_account import AccountPatch
from plg.application.plans.assign_plan import PlanChange
from plg.application.plans.check_default_plan import CheckDefaultPlan
from plg.application.ports.identity.access_changes import AccessChange
from plg.domain.audit import Action
from plg.domain.errors import InvalidParameter, LastAdmin, NotFound
from plg.domain.identity.accounts import Role
from plg.domain.ledger.periods import next_period
from plg.domain.plans.plans import ResourceTerms
from plg.domain.plans.terms import NewPlan, Terms
from tests.fakes.clock import NOON
from tests.fakes.memory_plans import BASIC, ENTERPRISE, PREMIUM
from tests.unit.billing.world import ACTOR, World

PREMIUM_ADMIN = AccountPatch(role=Role.ADMIN, plan=PlanChange("premium"))
PRODUCTS = Terms(price=1, resources={"products": ResourceTerms(2)})
UNKNOWN = Terms(price=1, resources={"orders": ResourceTerms(2)})
CHEAP = NewPlan(terms=Terms(price=1))


async def test_the_plans_on_offer_are_listed_by_code(world: World) -> None:
    assert await world.list() == [BASIC, ENTERPRISE, PREMIUM]


async def test_plans_come_in_pages(world: World) -> None:
    assert await world.list(limit=2) == [BASIC, ENTERPRISE]
    assert await world.list(after="enterprise", limit=2) == [PREMIUM]


async def test_a_plan_that_is_not_on_offer_is_not_listed(world: World) -> None:
    made = await world.make("secret", replace(CHEAP, is_offered=False), ACTOR)

    assert made not in await world.list()
    assert made in await world.list(is_all=True)


async def test_a_plan_is_listed_as_it_is_in_force_now(world: World) -> None:
    made = await world.make("basic", CHEAP, ACTOR)
    before = await world.list()
    world.clock.advance(next_period(NOON) - NOON)

    assert (before[0], (await world.list())[0]) == (BASIC, made)
    assert (await world.list(is_all=True))[:2] == [BASIC, made]


async def test_a_new_plan_concerns_nobody_yet(world: World) -> None:
    made = await world.make("team", CHEAP, ACTOR)
    record = world.work.audit_records[-1]

    assert (made.version, made.from_at) == (1, NOON)
    assert (world.work.changes, world.remembered.forgotten) == ([], [])
    assert (record.action, record.target, record.actor) == (Action.PLAN_MADE, "plan:team", ACTOR)


async def test_a_new_version_is_everybodys_from_the_next_period_on(world: World) -> None:
    made = await world.make("basic", CHEAP, ACTOR)
    before = await world.show("ana")
    world.clock.advance(next_period(NOON) - NOON)

    assert (before.plan, before.valid_until) == (BASIC, next_period(NOON))
    assert await world.plan() == made
    assert world.work.changes == [AccessChange(None)]
    assert world.remembered.forgotten == [None]


async def test_a_new_version_may_be_everybodys_at_once(world: World) -> None:
    made = await world.make("basic", CHEAP, ACTOR, is_at_once=True)

    assert await world.plan() == made


async def test_who_stays_on_a_version_has_no_other(world: World) -> None:
    await world.assign("basic", version=1)
    await world.make("basic", CHEAP, ACTOR, is_at_once=True)

    assert await world.plan() == BASIC


async def test_a_plan_that_cannot_be_is_not_made(world: World) -> None:
    with pytest.raises(InvalidParameter):
        await world.make("basic", NewPlan(terms=Terms(requests_per_day=0)), ACTOR)

    assert await world.list() == [BASIC, ENTERPRISE, PREMIUM]


async def test_another_plan_ends_no_session_and_is_forgotten(world: World) -> None:
    await world.assign("premium")

    assert await world.plan() == PREMIUM
    assert world.remembered.forgotten == ["ana"]
    assert world.work.actions == [Action.PLAN_ASSIGNED]


async def test_plan_and_role_change_together_or_not_at_all(world: World) -> None:
    for wanted in (AccountPatch(role=Role.ADMIN, plan=PlanChange("gold")), PREMIUM_ADMIN):
        with suppress(InvalidParameter):
            await world.change_account("ana", wanted, ACTOR)
    for wanted in (AccountPatch(is_active=False, plan=PlanChange("basic")), PREMIUM_ADMIN):
        with suppress(LastAdmin):
            await world.change_account("ana", wanted, ACTOR)

    assert world.work.tables.accounts["ana"].role is Role.ADMIN
    assert await world.plan() == PREMIUM
    assert world.work.actions == [Action.ACCOUNT_ROLE_CHANGED] + [Action.PLAN_ASSIGNED] * 2


async def test_who_is_not_there_has_no_plan(world: World) -> None:
    with pytest.raises(NotFound):
        await world.show("nobody")


async def test_a_default_plan_that_exists_is_fine(world: World) -> None:
    await CheckDefaultPlan(world.work, "premium")()


async def test_a_default_plan_that_does_not_exist_is_told_in_a_sentence(world: World) -> None:
    with pytest.raises(InvalidParameter) as caught:
        await CheckDefaultPlan(world.work, "gold")()

    assert str(caught.value) == (
        "DEFAULT_PLAN names the plan gold, which does not exist: name one of basic, enterprise, "
        "premium, or make it with plg plans create."
    )


async def test_a_resource_must_be_known_when_a_plan_is_made(world: World) -> None:
    made = await world.make("shop", NewPlan(terms=PRODUCTS), ACTOR)

    assert made.resources == {"products": ResourceTerms(2)}
    with pytest.raises(InvalidParameter) as raised:
        await world.make("shop", NewPlan(terms=UNKNOWN), ACTOR)
    assert raised.value.parameter == "resources"
