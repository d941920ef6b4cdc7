"""What a cache needs while nobody looks."""

import asyncio

import pytest

from plg.application.ports.records.invalidation import EVERYTHING, Invalidation
from plg.application.records.maintenance import (
    POLL_SECONDS,
    PURGES_KEPT_SECONDS,
    SWEEP_SECONDS,
    SWEEP_STEP,
    CacheMaintenance,
)
from plg.domain.errors import StorageUnavailable
from plg.domain.records.lookups import Outcome
from plg.domain.records.players import KillerBiId
from tests.fakes.cache import MemoryPlayerCache
from tests.fakes.entries import ANA, BEN, entry_of
from tests.fakes.invalidations import MemoryInvalidations
from tests.unit.reading.world import POLICY, World


class SweptInSteps(MemoryPlayerCache):
    """Writes down the steps, and can hold them."""

    def __init__(self) -> None:
        super().__init__(POLICY)
        self.steps: list[int] = []
        self.sweeping = asyncio.Event()
        self.may_sweep = asyncio.Event()
        self.may_sweep.set()

    async def remove_expired(self, now: float, *, limit: int) -> int:
        self.sweeping.set()
        await self.may_sweep.wait()
        self.steps.append(await super().remove_expired(now, limit=limit))
        return self.steps[-1]


@pytest.fixture
def inventory() -> SweptInSteps:
    return SweptInSteps()


@pytest.fixture
def invalidations() -> MemoryInvalidations:
    return MemoryInvalidations()


@pytest.fixture
async def maintenance(
    world: World, inventory: SweptInSteps, invalidations: MemoryInvalidations
) -> CacheMaintenance:
    maintenance = CacheMaintenance(
        lambda: {"players": (world.engine, KillerBiId)},
        lambda: (inventory,),
        invalidations,
        world.clock,
    )
    await maintenance.follow_purges()
    await world.engine(ANA)
    await world.engine(BEN)
    return maintenance


@pytest.mark.parametrize(
    ("purged", "outcomes"),
    [(ANA.value, [Outcome.MISS, Outcome.HIT]), (None, [Outcome.MISS, Outcome.MISS])],
)
async def test_a_purge_by_another_process_is_obeyed(
    maintenance: CacheMaintenance,
    world: World,
    invalidations: MemoryInvalidations,
    purged: str | None,
    outcomes: list[Outcome],
) -> None:
    await invalidations.publish(Invalidation("players", purged))
    await maintenance.follow_purges()

    assert [(await world.engine(key)).outcome for key in (ANA, BEN)] == outcomes


async def test_a_log_that_took_the_place_of_another_makes_all_forget(
    maintenance: CacheMaintenance, world: World, invalidations: MemoryInvalidations
) -> None:
    await invalidations.publish(EVERYTHING)
    await maintenance.follow_purges()

    assert [(await world.engine(key)).outcome for key in (ANA, BEN)] == [Outcome.MISS] * 2


@pytest.mark.parametrize(
    "foreign", [Invalidation("vehicles", None), Invalidation("players", "no\x00key")]
)
async def test_a_purge_of_what_is_not_ours_is_ignored(
    maintenance: CacheMaintenance,
    world: World,
    invalidations: MemoryInvalidations,
    foreign: Invalidation,
) -> None:
    await invalidations.publish(foreign)
    await maintenance.follow_purges()

    assert (await world.engine(ANA)).outcome is Outcome.HIT


async def test_a_log_of_purges_that_is_down_changes_nothing(
    maintenance: CacheMaintenance, world: World, invalidations: MemoryInvalidations
) -> None:
    invalidations.is_down = True
    with pytest.raises(StorageUnavailable, match="the log is down"):
        await maintenance.follow_purges()

    assert (await world.engine(ANA)).outcome is Outcome.HIT


async def test_what_has_expired_is_removed_in_steps(
    maintenance: CacheMaintenance, world: World, inventory: SweptInSteps
) -> None:
    for number in range(SWEEP_STEP + 1):
        key = KillerBiId(f"old-{number}")
        await inventory.put(key, entry_of(key))
    world.clock.advance(100 + 1000)
    await maintenance.sweep()

    assert (inventory.steps, inventory.held) == ([SWEEP_STEP, 1], {})


async def test_what_may_still_be_served_stays(
    maintenance: CacheMaintenance, world: World, inventory: SweptInSteps
) -> None:
    await inventory.put(ANA, entry_of(ANA))
    world.clock.advance(100 + 999)
    await maintenance.sweep()

    assert list(inventory.held) == [ANA.value]


async def test_a_tier_that_is_down_is_told(
    maintenance: CacheMaintenance, inventory: SweptInSteps
) -> None:
    inventory.is_down = True
    with pytest.raises(StorageUnavailable, match="the store is down"):
        await maintenance.sweep()


async def test_when_it_is_cancelled_a_step_under_way_is_finished(
    maintenance: CacheMaintenance, inventory: SweptInSteps
) -> None:
    inventory.may_sweep.clear()
    running = asyncio.create_task(maintenance.sweep())
    await inventory.sweeping.wait()
    running.cancel()
    _, pending = await asyncio.wait((running,), timeout=0.01)
    inventory.may_sweep.set()
    with pytest.raises(asyncio.CancelledError):
        await running

    assert (pending, inventory.steps) == ({running}, [0])


def test_purges_are_followed_beside_a_sweep(maintenance: CacheMaintenance) -> None:
    follow, sweep = maintenance.jobs

    assert (follow.work, follow.pause()) == (maintenance.follow_purges, POLL_SECONDS)
    assert (sweep.work, sweep.pause()) == (maintenance.sweep, SWEEP_SECONDS)


async def test_a_sweep_prunes_purges_that_every_process_has_seen(
    maintenance: CacheMaintenance, world: World, invalidations: MemoryInvalidations
) -> None:
    await invalidations.publish(Invalidation("players", ANA.value))
    world.clock.advance(PURGES_KEPT_SECONDS + 1)
    await maintenance.sweep()

    assert invalidations.log == [None]
