"""Binding accounts to fleets."""

import pytest

from plg.application.ports.identity.access_changes import AccessChange
from plg.domain.audit import Action
from plg.domain.errors import Conflict, NotFound, TooManyHeld
from plg.domain.fleets.fleets import BOUND_MAX
from tests.unit.fleets.world import ACTOR, World, vins


async def codes(world: World, account_id: str = "ana") -> list[str]:
    return [fleet.code for fleet in await world.list(account_id, limit=BOUND_MAX)]


async def test_a_binding_is_written_down_and_told(world: World) -> None:
    await world.imported(vins(0, 1))
    await world.bind("ana", "north", ACTOR)
    record = world.work.audit_records[-1]

    assert await codes(world) == ["north"]
    assert (record.action, record.target, record.actor, record.details) == (
        Action.FLEET_BOUND,
        "account:ana",
        ACTOR,
        {"fleet": "north"},
    )
    assert world.work.changes == [AccessChange("ana")]
    assert world.remembered.forgotten == ["ana"]
    assert (await world.show("north")).account_ids == ("ana",)


async def test_who_is_bound_already_stays_so_without_a_word(world: World) -> None:
    await world.imported(vins(0, 1))
    for _ in range(2):
        await world.bind("ana", "north", ACTOR)

    assert world.work.actions.count(Action.FLEET_BOUND) == 1
    assert world.work.changes == [AccessChange("ana")]


async def test_an_unbinding_tells_whether_fleets_are_left(world: World) -> None:
    for code in ("north", "south"):
        await world.imported(vins(0, 1), code)
        await world.bind("ana", code, ACTOR)
    left = [await world.unbind("ana", code, ACTOR) for code in ("south", "north")]

    assert left == [True, False]
    assert await codes(world) == []
    assert world.work.actions[-2:] == [Action.FLEET_UNBOUND] * 2
    assert world.work.changes == [AccessChange("ana")] * 4


async def test_who_is_not_bound_cannot_be_unbound(world: World) -> None:
    await world.imported(vins(0, 1))

    with pytest.raises(NotFound, match="not bound"):
        await world.unbind("ana", "north", ACTOR)
    assert world.work.changes == []


@pytest.mark.parametrize(("who", "code"), [("eve", "north"), ("ana", "south")])
async def test_what_does_not_exist_is_not_bound(world: World, who: str, code: str) -> None:
    await world.imported(vins(0, 1))

    for change in (world.bind, world.unbind):
        with pytest.raises(NotFound, match="There is no"):
            await change(who, code, ACTOR)


async def test_fleets_of_an_account_that_does_not_exist_are_not_listed(world: World) -> None:
    with pytest.raises(NotFound):
        await world.list("eve", limit=1)


async def test_an_account_is_bound_to_so_many_and_no_more(world: World) -> None:
    for number in range(BOUND_MAX + 1):
        await world.imported(vins(0, 1), f"f{number:03}")
    for number in range(BOUND_MAX):
        await world.bind("ana", f"f{number:03}", ACTOR)

    with pytest.raises(TooManyHeld):
        await world.bind("ana", f"f{BOUND_MAX:03}", ACTOR)
    await world.bind("ana", "f000", ACTOR)  # is bound already
    assert len(await codes(world)) == BOUND_MAX


async def is_bound(world: World) -> bool:
    async with world.work.look() as work:
        return await work.fleets.is_bound("ana")


async def test_who_loses_the_last_fleet_stays_bound(world: World) -> None:
    await world.imported(vins(0, 1))
    seen = [await is_bound(world)]
    for change in (world.bind, world.unbind):
        await change("ana", "north", ACTOR)
        seen.append(await is_bound(world))

    assert seen == [False, True, True]


async def test_who_has_no_fleet_left_can_be_opened(world: World) -> None:
    await world.imported(vins(0, 1))
    await world.bind("ana", "north", ACTOR)
    await world.unbind("ana", "north", ACTOR)
    for _ in range(2):
        await world.open("ana", ACTOR)

    assert not await is_bound(world)
    record = world.work.audit_records[-1]
    assert (record.action, record.target) == (Action.FLEETS_OPENED, "account:ana")
    assert world.work.actions.count(Action.FLEETS_OPENED) == 1
    assert world.work.changes == [AccessChange("ana")] * 3


async def test_who_has_a_fleet_is_not_opened(world: World) -> None:
    await world.imported(vins(0, 1))
    await world.bind("ana", "north", ACTOR)

    with pytest.raises(Conflict, match="bound to the fleet north: unbind it"):
        await world.open("ana", ACTOR)
    assert await is_bound(world)


async def test_who_does_not_exist_is_not_opened(world: World) -> None:
    with pytest.raises(NotFound):
        await world.open("eve", ACTOR)
