"""Somebody asks to forget."""

import asyncio
from collections.abc import Awaitable

import pytest

from plg.domain.errors import SourceFailed
from plg.domain.records.freshness import RequestDirectives
from plg.domain.records.lookups import Lookup, Outcome
from plg.domain.records.players import KillerBiId
from tests.fakes.entries import ANA, BEN
from tests.unit.reading.world import World

both_ways = pytest.mark.parametrize("purged", [ANA, None], ids=["the key", "everything"])


async def finish(world: World, lookup: Awaitable[Lookup]) -> Lookup:
    world.source.release()
    world.store.release()
    return await lookup


@both_ways
async def test_a_purge_removes_the_entry_from_every_tier(
    world: World, purged: KillerBiId | None
) -> None:
    await world.engine(ANA)
    await world.engine.purge(purged)

    assert (world.memory.peek(ANA), world.store.held) == (None, {})


async def test_a_purge_of_one_key_leaves_the_others(world: World) -> None:
    await world.engine(ANA)
    await world.engine.purge(BEN)

    assert (await world.engine(ANA)).outcome is Outcome.HIT


@both_ways
async def test_a_fetch_under_way_does_not_bring_a_purged_entry_back(
    world: World, purged: KillerBiId | None
) -> None:
    world.source.hold()
    fetch = asyncio.create_task(world.engine(ANA))
    await world.source.begun.wait()
    await world.engine.purge(purged)
    lookup = await finish(world, fetch)

    assert (lookup.outcome, lookup.is_stored) == (Outcome.MISS, False)
    assert (world.memory.peek(ANA), world.store.held) == (None, {})


@both_ways
async def test_a_refresh_under_way_does_not_bring_a_purged_entry_back(
    world: World, purged: KillerBiId | None
) -> None:
    await world.engine(ANA)
    world.clock.advance(105)
    world.source.hold()
    await world.engine(ANA)
    await world.source.begun.wait()
    await world.engine.purge(purged)
    world.source.release()
    await world.engine.drain()

    assert (world.memory.peek(ANA), world.store.held) == (None, {})


@both_ways
async def test_a_refresh_that_has_yet_to_ask_does_not_bring_a_purged_entry_back(
    world: World, purged: KillerBiId | None
) -> None:
    await world.engine(ANA)
    world.clock.advance(105)
    world.store.hold()
    await world.engine(ANA)
    await world.store.reading.wait()
    await world.engine.purge(purged)
    world.store.release()
    await world.engine.drain()

    assert (world.memory.peek(ANA), world.store.held) == (None, {})


async def test_a_purged_entry_is_not_served_on_error(world: World) -> None:
    await world.engine(ANA)
    world.clock.advance(200)
    world.source.hold()
    world.source.error = SourceFailed("no")
    fetch = asyncio.create_task(world.engine(ANA))
    await world.source.begun.wait()
    await world.engine.purge(ANA)

    with pytest.raises(SourceFailed):
        await finish(world, fetch)


async def test_a_purge_of_another_key_does_not_keep_a_stale_entry_from_being_served_on_error(
    world: World,
) -> None:
    await world.engine(ANA)
    world.clock.advance(200)
    world.source.hold()
    world.source.error = SourceFailed("no")
    fetch = asyncio.create_task(world.engine(ANA))
    await world.source.begun.wait()
    await world.engine.purge(BEN)

    assert (await finish(world, fetch)).outcome is Outcome.STALE_IF_ERROR


async def test_a_purge_of_another_key_does_not_keep_a_fetch_from_being_remembered(
    world: World,
) -> None:
    world.source.hold()
    fetch = asyncio.create_task(world.engine(ANA))
    await world.source.begun.wait()
    await world.engine.purge(BEN)

    assert (await finish(world, fetch)).is_stored


async def test_a_load_that_races_a_purge_does_not_bring_the_entry_back(world: World) -> None:
    await world.engine(ANA)
    await world.memory.clear()
    world.store.hold()
    world.source.version = 2
    load = asyncio.create_task(world.engine(ANA))
    await world.store.reading.wait()
    await world.engine.purge(ANA)

    assert b'"n2"' in (await finish(world, load)).entry.body


async def test_a_load_is_not_disturbed_by_the_purge_of_another_key(world: World) -> None:
    await world.engine(ANA)
    await world.memory.clear()
    reads = world.store.gets
    world.store.hold()
    load = asyncio.create_task(world.engine(ANA))
    await world.store.reading.wait()
    await world.engine.purge(BEN)

    assert (await finish(world, load)).outcome is Outcome.HIT
    assert world.store.gets == reads + 1


async def test_after_a_purge_the_source_is_asked_without_a_validator(world: World) -> None:
    await world.engine(ANA)
    await world.engine.purge(ANA)
    await world.engine(ANA, RequestDirectives(no_cache=True))

    assert world.source.calls == [(ANA, None), (ANA, None)]
