"""Whether a caller's account has a vehicle."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from plg.application.fleets.entitle import EntitleCaller
from plg.application.fleets.entitlement_cache import EntitlementCache
from plg.application.identity.credential_cache import REMEMBER_SECONDS, CredentialCache
from plg.application.ports.work import Work
from plg.domain.errors import NotEntitled, StorageUnavailable
from plg.domain.fleets.fleets import Fleet
from plg.domain.identity.access import DATA_SCOPES, Caller
from plg.domain.records.vehicles import Vin
from tests.fakes.clock import NOON, StoppedClock
from tests.fakes.memory_tables import KeptFleet
from tests.fakes.vehicles import IDA, TOM
from tests.fakes.work import MemoryWork

ANA = Caller("account:ana", DATA_SCOPES, account_id="ana", is_bound=True)
BEN = replace(ANA, id="account:ben", account_id="ben")
FREE = replace(ANA, is_bound=False)
SERVICE = Caller("service", DATA_SCOPES, is_limited=False)


class SlowWork(MemoryWork):
    """Looks, and then waits until it is let go on; `looks` counts."""

    def __init__(self) -> None:
        super().__init__()
        self.looks = 0
        self.has_looked = asyncio.Event()
        self.goes_on = asyncio.Event()
        self.goes_on.set()

    @asynccontextmanager
    async def look(self) -> AsyncIterator[Work]:
        async with super().look() as work:
            self.looks += 1
            yield work
        self.has_looked.set()
        await self.goes_on.wait()


class World:
    """Ana's fleet has Ida, and Ben's has Tom."""

    def __init__(self) -> None:
        self.work, self.clock = SlowWork(), StoppedClock()
        for code, who, vin in (("north", "ana", IDA), ("south", "ben", TOM)):
            fleet = Fleet(code, code, 1, NOON)
            self.work.tables.fleets[code] = KeptFleet(
                fleet, 1, frozenset({vin.value}), is_there=True
            )
            self.work.tables.bindings.add((who, code))
        self.vehicles = EntitlementCache()
        self.callers = CredentialCache(beside=self.vehicles)
        self.callers.trust_until(NOON + 1e6)
        self.entitle = EntitleCaller(self.work, self.vehicles, self.callers, self.clock)

    def at_once(self, caller: Caller = ANA, vin: Vin = IDA) -> bool:
        return self.entitle.at_once(caller, vin, self.clock.now())


@pytest.fixture
async def world() -> World:
    return World()


async def test_an_account_may_have_the_vehicles_of_its_fleets_only(world: World) -> None:
    await world.entitle(ANA, IDA)
    await world.entitle(BEN, TOM)
    for caller, vin in ((ANA, TOM), (BEN, IDA), (ANA, Vin("WVWZZZE1ZMP000099"))):
        with pytest.raises(NotEntitled):
            await world.entitle(caller, vin)


@pytest.mark.parametrize("caller", [FREE, SERVICE])
async def test_who_is_not_bound_needs_no_look_up(world: World, caller: Caller) -> None:
    world.work.is_down = True

    assert world.at_once(caller, TOM)
    await world.entitle(caller, TOM)


async def test_who_has_no_fleet_left_is_told_so(world: World) -> None:
    world.work.tables.bindings.clear()

    with pytest.raises(NotEntitled, match="no fleet any more"):
        await world.entitle(ANA, IDA)


async def test_a_bound_caller_without_an_account_has_nothing(world: World) -> None:
    nobody = replace(SERVICE, is_bound=True)

    assert not world.at_once(nobody)
    with pytest.raises(NotEntitled):
        await world.entitle(nobody, IDA)


async def test_what_was_found_once_is_certain_at_once(world: World) -> None:
    before = world.at_once()
    await world.entitle(ANA, IDA)
    world.work.is_down = True

    assert (before, world.at_once()) == (False, True)
    await world.entitle(ANA, IDA)
    assert world.work.looks == 1


async def test_nothing_is_certain_of_others(world: World) -> None:
    await world.entitle(ANA, IDA)

    assert not world.at_once(BEN)
    assert not world.at_once(ANA, TOM)


async def test_what_is_not_remembered_is_not_allowed_without_a_database(world: World) -> None:
    world.work.is_down = True

    with pytest.raises(StorageUnavailable):
        await world.entitle(ANA, IDA)


async def test_what_is_not_theirs_is_looked_up_again(world: World) -> None:
    for _ in range(2):
        with pytest.raises(NotEntitled):
            await world.entitle(ANA, TOM)

    assert (world.work.looks, len(world.vehicles)) == (2, 0)


async def test_a_vehicle_is_remembered_for_five_minutes(world: World) -> None:
    await world.entitle(ANA, IDA)
    world.clock.advance(REMEMBER_SECONDS - 0.1)
    late = world.at_once()
    world.clock.advance(0.1)

    assert (late, world.at_once()) == (True, False)


async def test_nothing_is_certain_while_changes_are_not_heard_of(world: World) -> None:
    await world.entitle(ANA, IDA)
    world.callers.trust_until(NOON)

    assert not world.at_once()


@pytest.mark.parametrize(("whose", "expected"), [("ana", False), (None, False), ("ben", True)])
async def test_with_an_account_its_vehicles_are_forgotten(
    world: World, whose: str | None, expected: object
) -> None:
    await world.entitle(ANA, IDA)
    world.callers.forget(whose)

    assert world.at_once() is expected


async def test_who_is_unbound_while_a_look_up_is_under_way_is_not_remembered(world: World) -> None:
    world.work.goes_on.clear()
    asking = asyncio.create_task(world.entitle(ANA, IDA))
    await world.work.has_looked.wait()
    world.work.tables.bindings.clear()
    world.callers.forget("ana")
    world.work.goes_on.set()
    await asking  # it was true when it was asked

    assert not world.at_once()
    with pytest.raises(NotEntitled):
        await world.entitle(ANA, IDA)
