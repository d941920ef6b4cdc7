"""`CacheInventoryPort`, kept by every durable tier."""

from plg.application.ports.records.cache import CacheStats
from plg.domain.records.entries import Entry
from plg.domain.records.players import KillerBiId
from tests.fakes.clock import NOON
from tests.fakes.entries import ANA, BEN, entry_of
from tests.integration.contracts.adapters import DurableCache


async def fill(durable: DurableCache, *keys: KillerBiId) -> None:
    for key in keys:
        await durable.put(key, entry_of(key))
    await durable.flush()


async def held_by(durable: DurableCache) -> list[tuple[str, Entry]]:
    return [item async for item in durable.entries()]


async def test_an_empty_tier_holds_nothing(durable: DurableCache) -> None:
    assert (await durable.stats(), await held_by(durable)) == (CacheStats(0, 0), [])


async def test_entries_and_their_bytes_are_counted(durable: DurableCache) -> None:
    await fill(durable, ANA, BEN)
    body_bytes = len(entry_of(ANA).body) + len(entry_of(BEN).body)

    assert await durable.stats() == CacheStats(2, body_bytes)


async def test_entries_come_in_the_order_of_their_keys(durable: DurableCache) -> None:
    await fill(durable, BEN, KillerBiId("é"), ANA)

    assert await held_by(durable) == [
        (ANA.value, entry_of(ANA)),
        (BEN.value, entry_of(BEN)),
        ("é", entry_of(KillerBiId("é"))),
    ]


async def test_more_entries_than_a_page_come_each_once(durable: DurableCache) -> None:
    keys = [KillerBiId(f"KB-{number:05}") for number in range(1001)]
    await fill(durable, *keys)

    assert [key for key, _ in await held_by(durable)] == [key.value for key in keys]


async def test_what_was_removed_is_not_counted(durable: DurableCache) -> None:
    await fill(durable, ANA, BEN)
    await durable.remove(ANA)
    await durable.flush()

    assert [key for key, _ in await held_by(durable)] == [BEN.value]


async def test_what_no_rule_allows_any_more_is_removed(durable: DurableCache) -> None:
    await fill(durable, ANA)
    await durable.put(BEN, entry_of(BEN, validated_at=NOON + 1))
    await durable.flush()

    assert await durable.remove_expired(NOON + 1100, limit=10) == 1
    assert [key for key, _ in await held_by(durable)] == [BEN.value]


async def test_no_more_is_removed_than_the_limit(durable: DurableCache) -> None:
    await fill(durable, *(KillerBiId(str(number)) for number in range(5)))

    counts = [await durable.remove_expired(NOON + 1100, limit=2) for _ in range(4)]
    assert counts == [2, 2, 1, 0]


async def test_flushing_when_nothing_waits_is_done_at_once(durable: DurableCache) -> None:
    await durable.flush()

    assert (await durable.stats()).entries == 0
