"""How an answer comes about."""

import asyncio

import pytest

from plg.domain.errors import NoMatch, SourceFailed, SourceTimeout
from plg.domain.records.lookups import Forward, Outcome
from tests.fakes.entries import ANA, NOBODY
from tests.unit.reading.world import World, make_world


async def test_an_unknown_key_is_a_miss_that_asks_the_source(world: World) -> None:
    lookup = await world.engine(ANA)

    assert (lookup.outcome, lookup.forward, lookup.source_status, lookup.is_stored) == (
        Outcome.MISS,
        Forward.URI_MISS,
        200,
        True,
    )


async def test_a_fresh_entry_is_a_hit_that_does_not_ask_the_source(world: World) -> None:
    first = await world.engine(ANA)
    world.clock.advance(99.9)
    second = await world.engine(ANA)

    assert (second.outcome, second.forward, second.entry) == (Outcome.HIT, None, first.entry)
    assert len(world.source.calls) == 1


async def test_a_fresh_entry_of_the_durable_tier_is_a_hit(world: World) -> None:
    await world.engine(ANA)
    await world.memory.clear()

    assert (await world.engine(ANA)).outcome is Outcome.HIT
    assert len(world.source.calls) == 1


async def test_an_entry_of_the_durable_tier_is_kept_in_memory(world: World) -> None:
    lookup = await world.engine(ANA)
    await world.memory.clear()
    await world.engine(ANA)

    assert world.engine.peek(ANA, world.clock.now()) == lookup.entry


async def test_an_entry_that_comes_during_a_load_is_served(world: World) -> None:
    old = (await world.engine(ANA)).entry
    await world.memory.clear()
    world.store.hold()
    load = asyncio.create_task(world.engine(ANA))
    await world.store.reading.wait()
    newer = old.renewed(old.validated_at + 1, 100, None)
    await world.memory.put(ANA, newer)
    world.store.release()

    assert (await load).entry == newer


async def test_peek_does_not_show_what_is_stale(world: World) -> None:
    await world.engine(ANA)
    world.clock.advance(100)

    assert world.engine.peek(ANA, world.clock.now()) is None


async def test_content_that_the_source_confirms_is_revalidated(world: World) -> None:
    await world.engine(ANA)
    world.clock.advance(111)
    lookup = await world.engine(ANA)

    assert (lookup.outcome, lookup.forward, lookup.source_status, lookup.is_stored) == (
        Outcome.REVALIDATED,
        Forward.STALE,
        304,
        True,
    )


async def test_a_stale_entry_is_revalidated_with_its_validator(world: World) -> None:
    await world.engine(ANA)
    world.clock.advance(111)
    await world.engine(ANA)

    assert world.source.calls == [(ANA, None), (ANA, '"v1"')]


async def test_a_revalidated_entry_is_fresh_again_and_otherwise_the_same(world: World) -> None:
    old = (await world.engine(ANA)).entry
    world.clock.advance(111)
    new = (await world.engine(ANA)).entry

    assert (new.body, new.etag, new.fetched_at) == (old.body, old.etag, old.fetched_at)
    assert new.age(world.clock.now()) == 0


async def test_unchanged_content_without_a_validator_keeps_body_tag_and_time(world: World) -> None:
    world.source.has_validators = False
    old = (await world.engine(ANA)).entry
    world.clock.advance(111)
    lookup = await world.engine(ANA)

    assert lookup.outcome is Outcome.MISS
    assert lookup.entry == old.renewed(world.clock.now(), 100, None)


async def test_changed_content_has_another_body_tag_and_time(world: World) -> None:
    old = (await world.engine(ANA)).entry
    world.source.version = 2
    world.clock.advance(111)
    new = (await world.engine(ANA)).entry

    assert b'"n2"' in new.body
    assert (new.etag != old.etag, new.fetched_at) == (True, world.clock.now())


async def test_no_match_is_raised(world: World) -> None:
    with pytest.raises(NoMatch):
        await world.engine(NOBODY)


async def test_no_match_removes_the_entry_from_every_tier(world: World) -> None:
    await world.engine(ANA)
    world.source.known.discard(ANA)
    world.clock.advance(111)
    with pytest.raises(NoMatch):
        await world.engine(ANA)

    assert (world.memory.peek(ANA), world.store.held) == (None, {})


async def test_no_match_is_not_remembered_by_default(world: World) -> None:
    for _ in range(2):
        with pytest.raises(NoMatch):
            await world.engine(NOBODY)

    assert len(world.source.calls) == 2


async def test_a_failing_source_is_an_error_when_nothing_is_known(world: World) -> None:
    world.source.error = SourceFailed("no", status=503)

    with pytest.raises(SourceFailed):
        await world.engine(ANA)


async def test_a_failing_source_leaves_the_cache_as_it_is(world: World) -> None:
    entry = (await world.engine(ANA)).entry
    world.source.error = SourceFailed("no", status=503)
    world.clock.advance(111)
    await world.engine(ANA)

    assert (world.memory.peek(ANA), world.store.held) == (entry, {ANA.value: entry})


async def test_within_its_bound_a_stale_entry_is_served_on_error(world: World) -> None:
    entry = (await world.engine(ANA)).entry
    world.source.error = SourceFailed("no", status=503)
    world.clock.advance(100 + 999.9)
    lookup = await world.engine(ANA)

    assert (lookup.outcome, lookup.entry, lookup.is_stored) == (
        Outcome.STALE_IF_ERROR,
        entry,
        False,
    )
    assert (lookup.forward, lookup.source_status) == (Forward.STALE, 503)


async def test_past_its_bound_a_stale_entry_is_not_served_on_error(world: World) -> None:
    await world.engine(ANA)
    world.source.error = SourceTimeout("slow")
    world.clock.advance(100 + 1000)

    with pytest.raises(SourceTimeout):
        await world.engine(ANA)


async def test_an_entry_of_the_durable_tier_is_served_on_error_too(world: World) -> None:
    await world.engine(ANA)
    await world.memory.clear()
    world.source.error = SourceFailed("no")
    world.clock.advance(500)

    assert (await world.engine(ANA)).outcome is Outcome.STALE_IF_ERROR


async def test_stale_with_the_breaker_open_says_that_nobody_was_asked() -> None:
    world = make_world(failures_max=1)
    await world.engine(ANA)
    world.source.error = SourceFailed("no")
    world.clock.advance(500)
    await world.engine(ANA)
    lookup = await world.engine(ANA)

    assert (lookup.outcome, lookup.forward) == (Outcome.STALE_IF_ERROR, None)
    assert len(world.source.calls) == 2


async def test_a_key_of_another_case_is_another_key(world: World) -> None:
    await world.engine(ANA)

    with pytest.raises(NoMatch):
        await world.engine(type(ANA)(ANA.value.lower()))


async def test_the_engine_names_its_resource(world: World) -> None:
    assert world.engine.resource == "players"
