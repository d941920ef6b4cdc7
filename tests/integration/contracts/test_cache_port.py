"""`CachePort`, kept by every tier."""

import asyncio

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plg.application.ports.records.cache import CachePort
from plg.domain.records.players import KillerBiId
from tests.fakes.clock import NOON
from tests.fakes.entries import ANA, BEN, entry_of

Cache = CachePort[KillerBiId]


async def test_it_has_a_name_for_metrics(cache: Cache) -> None:
    assert cache.tier in ("memory", "sql", "store")


async def test_what_was_never_put_is_not_there(cache: Cache) -> None:
    assert await cache.get(ANA) is None


@pytest.mark.parametrize("validator", [None, '"v1"', 'W/"ü"'])
async def test_what_was_put_is_there_whole(cache: Cache, validator: str | None) -> None:
    entry = entry_of(
        ANA, validator=validator, fetched_at=NOON + 0.1, validated_at=NOON + 1 / 3, ttl=97.123456789
    )
    await cache.put(ANA, entry)

    assert await cache.get(ANA) == entry


async def test_an_entry_is_under_its_own_key_only(cache: Cache) -> None:
    await cache.put(ANA, entry_of(ANA))

    assert await cache.get(BEN) is None


@pytest.mark.parametrize("other", ["kb-000001", "KB-000001é", "KB-00000\uff11", "KB-000001\u200b"])
async def test_keys_that_look_alike_are_different(cache: Cache, other: str) -> None:
    await cache.put(ANA, entry_of(ANA))

    assert await cache.get(KillerBiId(other)) is None


@pytest.mark.parametrize("text", ["x" * 128, "%_'\";--", "日本語", "\U0001f600", "a\u2028b", "?:1"])
async def test_an_odd_key_is_a_key(cache: Cache, text: str) -> None:
    key = KillerBiId(text)
    await cache.put(key, entry_of(ANA))

    assert await cache.get(key) == entry_of(ANA)


async def test_a_stale_entry_is_still_there(cache: Cache) -> None:
    await cache.put(ANA, entry_of(ANA, ttl=0))

    assert await cache.get(ANA) is not None


async def test_a_newer_entry_replaces_an_older_one(cache: Cache) -> None:
    newer = entry_of(ANA, version=2, validated_at=NOON + 1)
    await cache.put(ANA, entry_of(ANA))
    await cache.put(ANA, newer)

    assert await cache.get(ANA) == newer


async def test_an_older_entry_does_not_replace_a_newer_one(cache: Cache) -> None:
    newer = entry_of(ANA, version=2, validated_at=NOON + 1)
    await cache.put(ANA, newer)
    await cache.put(ANA, entry_of(ANA))

    assert await cache.get(ANA) == newer


async def test_of_two_entries_validated_at_once_the_last_stays(cache: Cache) -> None:
    await cache.put(ANA, entry_of(ANA))
    await cache.put(ANA, entry_of(ANA, version=2))

    assert await cache.get(ANA) == entry_of(ANA, version=2)


async def test_what_was_removed_is_gone(cache: Cache) -> None:
    await cache.put(ANA, entry_of(ANA))
    await cache.put(BEN, entry_of(BEN))
    await cache.remove(ANA)

    assert (await cache.get(ANA), await cache.get(BEN)) == (None, entry_of(BEN))


async def test_what_was_never_there_can_be_removed(cache: Cache) -> None:
    await cache.remove(ANA)

    assert await cache.get(ANA) is None


async def test_after_a_removal_an_older_entry_may_come(cache: Cache) -> None:
    await cache.put(ANA, entry_of(ANA, validated_at=NOON + 1))
    await cache.remove(ANA)
    await cache.put(ANA, entry_of(ANA))

    assert await cache.get(ANA) == entry_of(ANA)


async def test_clearing_forgets_everything(cache: Cache) -> None:
    await cache.put(ANA, entry_of(ANA))
    await cache.put(BEN, entry_of(BEN))
    await cache.clear()

    assert [await cache.get(ANA), await cache.get(BEN)] == [None, None]


async def test_what_is_put_after_clearing_stays(cache: Cache) -> None:
    await cache.put(ANA, entry_of(ANA))
    await cache.clear()
    await cache.put(BEN, entry_of(BEN))

    assert [await cache.get(ANA), await cache.get(BEN)] == [None, entry_of(BEN)]


async def test_many_reads_at_once_get_each_their_own(cache: Cache) -> None:
    keys = [KillerBiId(f"KB-{number}") for number in range(500)]
    for key in keys:
        await cache.put(key, entry_of(key))
    found = await asyncio.gather(*(cache.get(key) for key in keys))

    assert found == [entry_of(key) for key in keys]


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    events=st.lists(
        st.tuples(st.sampled_from(["put", "remove", "clear", "pause"]), st.integers(0, 2)),
        max_size=15,
    )
)
async def test_after_any_events_it_holds_what_was_put_last(
    cache: Cache, events: list[tuple[str, int]]
) -> None:
    await cache.clear()
    due = {}
    for instant, (what, number) in enumerate(events):
        key = KillerBiId(str(number))
        if what == "put":
            due[key] = entry_of(key, validated_at=NOON + instant)
            await cache.put(key, due[key])
        elif what == "remove":
            due.pop(key, None)
            await cache.remove(key)
        elif what == "clear":
            due.clear()
            await cache.clear()
        else:
            await asyncio.sleep(0.002)

    for number in range(3):
        key = KillerBiId(str(number))
        assert await cache.get(key) == due.get(key)
