"""Answer now, refresh behind."""

import asyncio

import pytest

from plg.domain.errors import SourceFailed
from plg.domain.records.freshness import RequestDirectives
from plg.domain.records.lookups import Outcome
from tests.fakes.entries import ANA, BEN
from tests.unit.reading.world import World


@pytest.fixture
async def stale(world: World) -> World:
    """A world in which Ana's entry may be served while it is refreshed."""
    await world.engine(ANA)
    world.clock.advance(105)
    return world


async def test_the_stale_entry_is_served_at_once(stale: World) -> None:
    stale.source.hold()
    lookup = await stale.engine(ANA)

    assert (lookup.outcome, lookup.forward) == (Outcome.STALE_WHILE_REVALIDATE, None)


async def test_the_entry_is_refreshed_behind(stale: World) -> None:
    await stale.engine(ANA)
    await stale.engine.drain()

    assert (await stale.engine(ANA)).outcome is Outcome.HIT


async def test_one_refresh_is_under_way_for_a_key(stale: World) -> None:
    stale.source.hold()
    await stale.engine(ANA)
    await stale.source.begun.wait()
    for _ in range(5):
        await stale.engine(ANA)
        await asyncio.sleep(0)
    stale.source.release()
    await stale.engine.drain()

    assert stale.source.calls == [(ANA, None), (ANA, '"v1"')]


async def test_each_key_has_a_refresh_of_its_own(stale: World) -> None:
    await stale.engine(BEN)
    stale.clock.advance(104)
    stale.store.held[ANA.value] = stale.store.held[ANA.value].renewed(
        stale.clock.now() - 105, 100, None
    )
    await stale.memory.clear()
    await stale.engine(ANA)
    await stale.engine(BEN)
    await stale.engine.drain()

    assert [key for key, _ in stale.source.calls] == [ANA, BEN, ANA, BEN]


async def test_a_refresh_that_fails_leaves_the_stale_entry(stale: World) -> None:
    stale.source.error = SourceFailed("no")
    await stale.engine(ANA)
    await stale.engine.drain()

    assert (await stale.engine(ANA)).outcome is Outcome.STALE_WHILE_REVALIDATE


async def test_a_refresh_that_finds_no_match_removes_the_entry(stale: World) -> None:
    stale.source.known.discard(ANA)
    await stale.engine(ANA)
    await stale.engine.drain()

    assert stale.memory.peek(ANA) is None


async def test_past_its_window_the_caller_waits_for_the_refresh(stale: World) -> None:
    stale.clock.advance(5)

    assert (await stale.engine(ANA)).outcome is Outcome.REVALIDATED


async def test_a_lookup_past_the_window_joins_the_refresh_under_way(stale: World) -> None:
    stale.source.hold()
    await stale.engine(ANA)
    stale.clock.advance(5)
    stale.source.release()

    assert (await stale.engine(ANA)).outcome is Outcome.COLLAPSED
    assert len(stale.source.calls) == 2


async def test_only_if_cached_gets_the_stale_entry_and_starts_no_refresh(stale: World) -> None:
    lookup = await stale.engine(ANA, RequestDirectives(only_if_cached=True))
    await stale.engine.drain()

    assert lookup.outcome is Outcome.STALE_WHILE_REVALIDATE
    assert len(stale.source.calls) == 1


async def test_what_another_process_has_refreshed_is_not_fetched_again(stale: World) -> None:
    held = stale.store.held[ANA.value]
    stale.store.held[ANA.value] = held.renewed(stale.clock.now(), 100, held.validator)
    await stale.engine(ANA)
    await stale.engine.drain()

    assert (await stale.engine(ANA)).outcome is Outcome.HIT
    assert len(stale.source.calls) == 1
