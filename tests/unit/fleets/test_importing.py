"""Importing and removing fleets."""

from collections.abc import Iterator

import pytest

from plg.application.fleets.import_fleet import TOLD_MAX, FleetImport
from plg.application.fleets.short_changes import AT_ONCE, PAUSE_SECONDS, RETRY_SECONDS, TRIES
from plg.application.ports.identity.access_changes import AccessChange
from plg.domain.audit import Action
from plg.domain.errors import Conflict, NotFound, StorageUnavailable
from plg.domain.records.vehicles import Vin
from tests.unit.fleets.world import ACTOR, World, vins
from tests.unit.keys.world import account_of


async def test_an_import_tells_what_it_has_changed(world: World) -> None:
    first = await world.imported(vins(0, 5))
    second = await world.imported(vins(3, 4))
    third = await world.imported(vins(5, 4), replaces=True)

    assert [
        (each.added, each.already, each.removed, each.fleet.vehicles)
        for each in (first, second, third)
    ] == [(5, 0, 0, 5), (2, 2, 0, 7), (2, 2, 5, 4)]
    assert (await world.show("north")).fleet == third.fleet


async def test_an_import_is_written_down(world: World) -> None:
    await world.imported(vins(0, 3))
    (record,) = world.work.audit_records

    assert (record.action, record.target, record.actor) == (
        Action.FLEET_IMPORTED,
        "fleet:north",
        ACTOR,
    )
    assert record.details == {"added": "3", "already": "0", "removed": "0", "vehicles": "3"}


async def test_a_name_stays_until_another_is_given(world: World) -> None:
    names = []
    for name in (None, "North", None):
        imported = await world.importing(FleetImport("north", name), vins(0, 1), ACTOR)
        names.append(imported.fleet.name)

    assert names == ["north", "North", "North"]


async def test_a_long_import_lets_others_come_between(world: World) -> None:
    told: list[int] = []
    count = AT_ONCE * 3 + 1
    commits = world.work.commits
    await world.importing(FleetImport("north"), vins(0, count), ACTOR, told.append)

    assert told == [AT_ONCE, AT_ONCE * 2, AT_ONCE * 3, count]
    assert len(world.pauses) >= world.work.commits - commits - 1
    assert min(world.pauses) >= PAUSE_SECONDS


async def test_a_pause_is_as_long_as_the_work_before_it(world: World) -> None:
    async with world.importing.changes(ACTOR):
        world.clock.advance(3)

    assert world.pauses == [3]


async def test_a_change_that_does_not_get_its_turn_is_tried_again(world: World) -> None:
    world.work.is_down = True
    tries = 0

    async def come_back() -> None:
        nonlocal tries
        tries += 1
        world.work.is_down = tries < TRIES - 1
        world.between = come_back

    world.between = come_back
    await world.imported(vins(0, 1))

    assert world.pauses[: TRIES - 1] == [RETRY_SECONDS] * (TRIES - 1)
    assert (await world.show("north")).fleet.vehicles == 1


async def test_a_database_that_stays_away_is_told(world: World) -> None:
    world.work.is_down = True

    with pytest.raises(StorageUnavailable):
        await world.imported(vins(0, 1))
    assert world.pauses == [RETRY_SECONDS] * (TRIES - 1)


async def test_nobody_sees_of_an_import_before_its_end(world: World) -> None:
    await world.imported(vins(0, 1))
    await world.bind("ana", "north", ACTOR)
    seen: list[list[Vin]] = []

    async def look() -> None:
        seen.append(await world.had("ana", vins(0, 9)))
        world.between = look

    world.between = look
    await world.imported(vins(5, 2), replaces=True)

    assert seen[0] == vins(0, 1)
    assert seen[-1] == vins(5, 2)
    assert all(each in (vins(0, 1), vins(5, 2)) for each in seen)


async def test_an_import_that_fails_changes_nothing(world: World) -> None:
    await world.imported(vins(0, 2))
    await world.bind("ana", "north", ACTOR)

    def broken_off() -> Iterator[Vin]:
        yield from vins(1, AT_ONCE + 1)
        world.work.is_down = True

    with pytest.raises(StorageUnavailable):
        await world.imported(broken_off(), replaces=True)
    world.work.is_down = False

    assert await world.had("ana", vins(0, AT_ONCE)) == vins(0, 2)
    assert (await world.imported(vins(5, 1))).fleet.vehicles == 3
    assert await world.had("ana", vins(0, AT_ONCE)) == [*vins(0, 2), *vins(5, 1)]


@pytest.mark.parametrize("act", ["import", "remove"])
@pytest.mark.parametrize("step", ["claim", "sweep", "stage"])
async def test_an_import_gives_way_to_a_later_change_of_the_fleet(
    world: World, step: str, act: str
) -> None:
    await world.imported(vins(0, 1))
    steps = ["claim", "sweep", "stage"]

    async def change() -> None:
        if steps.pop(0) != step:
            world.between = change
        elif act == "remove":
            await world.remove("north", ACTOR)
        else:
            await world.imported(vins(7, 1))

    world.between = change
    with pytest.raises(Conflict, match="changed nothing"):
        await world.imported(vins(3, 2))

    fleets = await world.list(limit=9)
    assert [fleet.vehicles for fleet in fleets] == ([] if act == "remove" else [2])


async def test_whose_vehicles_become_fewer_is_told_to_every_process(world: World) -> None:
    await world.imported(vins(0, 3))
    for who in ("ana", "ben"):
        await world.bind(who, "north", ACTOR)
    before, forgotten = len(world.work.changes), len(world.remembered.forgotten)
    await world.imported(vins(3, 1))
    grown = world.work.changes[before:], world.remembered.forgotten[forgotten:]
    await world.imported(vins(3, 1), replaces=True)

    assert grown == ([], [])
    assert world.work.changes[before:] == [AccessChange("ana"), AccessChange("ben")]
    assert world.remembered.forgotten[forgotten:] == ["ana", "ben"]


async def test_of_many_accounts_all_are_told_at_once(world: World) -> None:
    await world.imported(vins(0, 2))
    for number in range(TOLD_MAX + 1):
        world.work.tables.accounts[f"a{number}"] = account_of(f"a{number}")
        await world.bind(f"a{number}", "north", ACTOR)
    await world.imported(vins(0, 1), replaces=True)

    assert world.work.changes[-1] == AccessChange(None)
    assert world.remembered.forgotten[-1] is None


async def test_a_fleet_is_removed_with_its_vehicles(world: World) -> None:
    await world.imported(vins(0, 2))
    await world.remove("north", ACTOR)

    assert await world.list(limit=9) == []
    assert world.work.tables.fleets == {}
    assert world.work.actions[-1] is Action.FLEET_REMOVED
    with pytest.raises(NotFound):
        await world.remove("north", ACTOR)
    with pytest.raises(NotFound):
        await world.show("north")


async def test_a_fleet_is_not_removed_while_an_account_is_bound_to_it(world: World) -> None:
    await world.imported(vins(0, 2))
    await world.bind("ana", "north", ACTOR)

    with pytest.raises(Conflict, match="unbind them first"):
        await world.remove("north", ACTOR)
    assert await world.had("ana", vins(0, 3)) == vins(0, 2)
    await world.unbind("ana", "north", ACTOR)
    await world.remove("north", ACTOR)
    assert await world.list(limit=9) == []
