"""The memory tier: what its contract does not say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plg.adapters.memory.cache import ENTRY_OVERHEAD, MemoryCache
from plg.domain.records.players import KillerBiId
from tests.fakes.clock import NOON
from tests.fakes.entries import ANA, BEN, NOBODY, entry_of

WEIGHT = len(entry_of(ANA).body) + ENTRY_OVERHEAD


@pytest.fixture
def cache() -> MemoryCache[KillerBiId]:
    return MemoryCache(2 * WEIGHT)


async def fill(cache: MemoryCache[KillerBiId], *keys: KillerBiId) -> None:
    for key in keys:
        await cache.put(key, entry_of(key))


async def test_what_was_used_longest_ago_makes_room(cache: MemoryCache[KillerBiId]) -> None:
    await fill(cache, ANA, BEN)
    cache.peek(ANA)
    await fill(cache, NOBODY)

    assert [cache.peek(key) is not None for key in (ANA, BEN, NOBODY)] == [True, False, True]


async def test_its_size_counts_bodies_and_overhead(cache: MemoryCache[KillerBiId]) -> None:
    await fill(cache, ANA, BEN)

    assert (cache.entry_count, cache.byte_count) == (2, 2 * WEIGHT)


async def test_what_made_room_is_counted(cache: MemoryCache[KillerBiId]) -> None:
    await fill(cache, ANA, BEN, NOBODY)

    assert cache.eviction_count == 1


async def test_what_was_removed_made_no_room(cache: MemoryCache[KillerBiId]) -> None:
    await fill(cache, ANA, BEN)
    await cache.remove(ANA)
    await cache.clear()

    assert (cache.eviction_count, cache.entry_count, cache.byte_count) == (0, 0, 0)


async def test_an_entry_that_is_too_large_is_not_kept() -> None:
    cache: MemoryCache[KillerBiId] = MemoryCache(WEIGHT - 1)
    await fill(cache, ANA)

    assert cache.peek(ANA) is None


async def test_an_entry_that_is_too_large_does_not_leave_its_forerunner() -> None:
    cache: MemoryCache[KillerBiId] = MemoryCache(WEIGHT)
    await fill(cache, ANA)
    await cache.put(ANA, entry_of(ANA, version=10, validated_at=NOON + 1))

    assert cache.peek(ANA) is None


async def test_a_cache_without_room_keeps_nothing() -> None:
    cache: MemoryCache[KillerBiId] = MemoryCache(0)
    await fill(cache, ANA)

    assert (cache.peek(ANA), cache.byte_count) == (None, 0)


@given(
    st.lists(st.tuples(st.sampled_from(["put", "peek", "remove"]), st.integers(0, 9))),
    st.integers(0, 6 * WEIGHT),
)
async def test_it_never_holds_more_than_it_may(
    events: list[tuple[str, int]], max_bytes: int
) -> None:
    cache: MemoryCache[KillerBiId] = MemoryCache(max_bytes)
    for what, number in events:
        key = KillerBiId(str(number))
        if what == "put":
            await cache.put(key, entry_of(key))
        elif what == "peek":
            cache.peek(key)
        else:
            await cache.remove(key)

        assert cache.byte_count <= max_bytes
