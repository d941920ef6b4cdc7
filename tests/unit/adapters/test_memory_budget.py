"""Memory that several kinds of records share."""

import pytest

from plg.adapters.memory.cache import ENTRY_OVERHEAD, MemoryBudget, MemoryCache
from plg.domain.records.players import KillerBiId
from plg.domain.records.vehicles import Vin
from tests.fakes.entries import entry_of
from tests.fakes.vehicles import static_entry

WEIGHT = len(entry_of().body) + ENTRY_OVERHEAD


@pytest.fixture
def caches() -> tuple[MemoryCache[KillerBiId], MemoryCache[Vin]]:
    budget = MemoryBudget(10 * WEIGHT)
    return MemoryCache(budget), MemoryCache(budget)


def player(number: int) -> KillerBiId:
    return KillerBiId(f"KB-{number:06d}")


def vin(number: int) -> Vin:
    return Vin(f"PLG{number:08d}")


async def fill_players(cache: MemoryCache[KillerBiId], count: int) -> None:
    for number in range(count):
        await cache.put(player(number), entry_of(player(number)))


async def fill_vehicles(cache: MemoryCache[Vin], count: int) -> None:
    for number in range(count):
        await cache.put(vin(number), static_entry(vin(number)))


async def test_one_kind_may_have_what_the_others_do_not_need(
    caches: tuple[MemoryCache[KillerBiId], MemoryCache[Vin]],
) -> None:
    players, _ = caches
    await fill_players(players, 10)

    assert (players.entry_count, players.eviction_count) == (10, 0)


async def test_who_takes_most_makes_room_for_the_others(
    caches: tuple[MemoryCache[KillerBiId], MemoryCache[Vin]],
) -> None:
    players, vehicles = caches
    await fill_players(players, 10)
    await fill_vehicles(vehicles, 3)

    assert vehicles.entry_count == 3
    assert 6 <= players.entry_count <= 8
    assert players.peek(player(0)) is None
    assert players.byte_count + vehicles.byte_count <= 10 * WEIGHT


async def test_a_flood_of_one_kind_leaves_the_others_their_share(
    caches: tuple[MemoryCache[KillerBiId], MemoryCache[Vin]],
) -> None:
    players, vehicles = caches
    await fill_players(players, 4)
    await fill_vehicles(vehicles, 100)

    assert (players.entry_count, players.eviction_count) == (4, 0)


async def test_keys_that_read_alike_stay_apart(
    caches: tuple[MemoryCache[KillerBiId], MemoryCache[Vin]],
) -> None:
    players, vehicles = caches
    await vehicles.put(vin(1), static_entry(vin(1)))

    assert players.peek(KillerBiId(vin(1).value)) is None
