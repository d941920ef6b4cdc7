"""What a request may ask of the cache."""

import asyncio

import pytest

from plg.domain.errors import NoMatch, NotCached
from plg.domain.records.freshness import RequestDirectives
from plg.domain.records.lookups import Forward, Outcome
from tests.fakes.entries import ANA, NOBODY
from tests.unit.reading.world import World, make_world

NO_CACHE = RequestDirectives(no_cache=True)
ONLY_IF_CACHED = RequestDirectives(only_if_cached=True)


async def test_only_if_cached_gets_what_is_cached(world: World) -> None:
    await world.engine(ANA)

    assert (await world.engine(ANA, ONLY_IF_CACHED)).outcome is Outcome.HIT


async def test_only_if_cached_does_not_ask_the_source(world: World) -> None:
    with pytest.raises(NotCached):
        await world.engine(ANA, ONLY_IF_CACHED)

    assert world.source.calls == []


async def test_only_if_cached_does_not_wait_for_another_fetch(world: World) -> None:
    world.source.hold()
    fetch = asyncio.create_task(world.engine(ANA))
    await world.source.begun.wait()
    with pytest.raises(NotCached):
        await world.engine(ANA, ONLY_IF_CACHED)
    world.source.release()
    await fetch


async def test_no_cache_revalidates_a_fresh_entry(world: World) -> None:
    await world.engine(ANA)
    lookup = await world.engine(ANA, NO_CACHE)

    assert (lookup.outcome, lookup.forward) == (Outcome.REVALIDATED, Forward.REQUEST)


async def test_no_cache_gets_what_changed(world: World) -> None:
    await world.engine(ANA)
    world.source.version = 2

    assert b'"n2"' in (await world.engine(ANA, NO_CACHE)).entry.body


async def test_no_cache_revalidates_what_another_process_has_refreshed(world: World) -> None:
    held = (await world.engine(ANA)).entry
    world.store.held[ANA.value] = held.renewed(held.validated_at + 1, 100, '"theirs"')
    await world.engine(ANA, NO_CACHE)

    assert world.source.calls == [(ANA, None), (ANA, '"theirs"')]


async def test_max_age_revalidates_what_is_older(world: World) -> None:
    await world.engine(ANA)
    world.clock.advance(31)

    lookup = await world.engine(ANA, RequestDirectives(max_age=30))
    assert lookup.outcome is Outcome.REVALIDATED


async def test_max_age_is_content_with_what_is_younger(world: World) -> None:
    await world.engine(ANA)
    world.clock.advance(30)

    assert (await world.engine(ANA, RequestDirectives(max_age=30))).outcome is Outcome.HIT


async def test_min_fresh_revalidates_what_will_be_stale_too_soon(world: World) -> None:
    await world.engine(ANA)
    world.clock.advance(51)

    lookup = await world.engine(ANA, RequestDirectives(min_fresh=50))
    assert lookup.outcome is Outcome.REVALIDATED


async def test_max_stale_gets_the_stale_entry_at_once(world: World) -> None:
    await world.engine(ANA)
    world.clock.advance(100 + 500)

    lookup = await world.engine(ANA, RequestDirectives(max_stale=500))
    assert lookup.outcome is Outcome.STALE_WHILE_REVALIDATE


async def test_max_stale_does_not_reach_past_the_stale_bound(world: World) -> None:
    await world.engine(ANA)
    world.clock.advance(100 + 1000)

    lookup = await world.engine(ANA, RequestDirectives(max_stale=float("inf")))
    assert lookup.outcome is Outcome.REVALIDATED


async def test_no_cache_asks_again_about_a_remembered_absence() -> None:
    world = make_world(negative_ttl=60)
    for directives in (RequestDirectives(), NO_CACHE):
        with pytest.raises(NoMatch):
            await world.engine(NOBODY, directives)

    assert len(world.source.calls) == 2
