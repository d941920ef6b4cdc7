"""Forget what is cached, everywhere."""

import pytest

from plg.application.ports.records.invalidation import Invalidation
from plg.application.records.purge_records import PurgeRecords
from plg.domain.errors import StorageUnavailable
from plg.domain.records.players import KillerBiId, Player
from tests.fakes.entries import ANA
from tests.fakes.invalidations import MemoryInvalidations
from tests.unit.reading.world import World

both_ways = pytest.mark.parametrize("purged", [ANA, None], ids=["the key", "everything"])


@pytest.fixture
def invalidations() -> MemoryInvalidations:
    return MemoryInvalidations()


@pytest.fixture
def purge(world: World, invalidations: MemoryInvalidations) -> PurgeRecords[KillerBiId, Player]:
    return PurgeRecords(world.engine, world.store, invalidations)


@both_ways
async def test_it_is_forgotten_here(
    purge: PurgeRecords[KillerBiId, Player], world: World, purged: KillerBiId | None
) -> None:
    await world.engine(ANA)
    await purge(purged)

    assert (world.memory.peek(ANA), world.store.held) == (None, {})


@both_ways
async def test_the_others_are_told(
    purge: PurgeRecords[KillerBiId, Player],
    invalidations: MemoryInvalidations,
    purged: KillerBiId | None,
) -> None:
    await purge(purged)

    assert invalidations.log == [Invalidation("players", None if purged is None else ANA.value)]


async def test_a_durable_tier_that_is_down_is_said(
    purge: PurgeRecords[KillerBiId, Player], world: World
) -> None:
    world.store.is_down = True

    with pytest.raises(StorageUnavailable):
        await purge(ANA)


async def test_others_that_could_not_be_told_are_said(
    purge: PurgeRecords[KillerBiId, Player], invalidations: MemoryInvalidations
) -> None:
    invalidations.is_down = True

    with pytest.raises(StorageUnavailable):
        await purge(ANA)
