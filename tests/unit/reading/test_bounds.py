"""Nothing hangs: one deadline, bounded places, a tier that is down is passed over."""

import asyncio

import pytest

from plg.domain.errors import SourceBusy, SourceFailed, SourceTimeout
from plg.domain.records.lookups import Outcome
from tests.fakes.entries import ANA, BEN, NOBODY
from tests.unit.reading.world import World, make_world


async def test_a_source_that_never_answers_is_a_timeout_at_the_deadline() -> None:
    world = make_world(timeout=0.02)
    world.source.hold()

    with pytest.raises(SourceTimeout, match="deadline"):
        await world.engine(ANA)


async def test_past_the_deadline_the_call_is_cancelled() -> None:
    world = make_world(timeout=0.02)
    world.source.hold()
    with pytest.raises(SourceTimeout):
        await world.engine(ANA)

    assert world.source.cancelled == 1


async def test_a_source_that_never_answers_gets_the_stale_entry_served() -> None:
    world = make_world(timeout=0.02)
    await world.engine(ANA)
    world.clock.advance(200)
    world.source.hold()

    assert (await world.engine(ANA)).outcome is Outcome.STALE_IF_ERROR


async def test_a_lookup_without_a_place_is_told_so_in_time() -> None:
    world = make_world(places=1, wait_seconds=0.02)
    world.source.hold()
    first = asyncio.create_task(world.engine(ANA))
    await world.source.begun.wait()
    with pytest.raises(SourceBusy):
        await world.engine(BEN)
    world.source.release()

    assert (await first).outcome is Outcome.MISS


async def test_the_wait_for_a_place_ends_at_the_deadline() -> None:
    world = make_world(places=1, wait_seconds=60, timeout=0.02)
    async with world.slots.hold(until=float("inf")), asyncio.timeout(1):
        with pytest.raises(SourceBusy):
            await world.engine(ANA)


async def test_a_lookup_without_a_place_is_no_failure_of_the_source() -> None:
    world = make_world(places=1, wait_seconds=0, failures_max=1)
    async with world.slots.hold(until=asyncio.get_running_loop().time() + 60):
        with pytest.raises(SourceBusy):
            await world.engine(ANA)

    assert (await world.engine(ANA)).outcome is Outcome.MISS


async def test_without_a_place_the_stale_entry_is_served() -> None:
    world = make_world(places=1, wait_seconds=0)
    await world.engine(ANA)
    world.clock.advance(200)
    async with world.slots.hold(until=asyncio.get_running_loop().time() + 60):
        lookup = await world.engine(ANA)

    assert (lookup.outcome, lookup.forward) == (Outcome.STALE_IF_ERROR, None)


async def test_a_durable_tier_that_is_down_is_passed_over(world: World) -> None:
    world.store.is_down = True

    assert (await world.engine(ANA)).outcome is Outcome.MISS
    assert (await world.engine(ANA)).outcome is Outcome.HIT


async def test_the_failures_of_a_tier_are_observed(world: World) -> None:
    world.store.is_down = True
    await world.engine(ANA)
    await world.engine.purge(ANA)
    await world.engine.purge(None)

    assert world.observer.cache_failures == [("store", "the store is down")] * 4


async def test_a_purge_reaches_memory_when_the_durable_tier_is_down(world: World) -> None:
    await world.engine(ANA)
    world.store.is_down = True
    await world.engine.purge(ANA)

    assert world.memory.peek(ANA) is None


async def test_reads_of_the_durable_tier_are_observed(world: World) -> None:
    await world.engine(ANA)
    await world.memory.clear()
    await world.engine(ANA)

    assert world.observer.reads == [("store", False), ("store", True)]


async def test_results_of_the_source_are_observed(world: World) -> None:
    await world.engine(ANA)
    world.clock.advance(200)
    await world.engine(ANA)
    world.source.error = SourceFailed("no")
    await asyncio.gather(world.engine(BEN), return_exceptions=True)
    world.source.error = None
    await asyncio.gather(world.engine(NOBODY), return_exceptions=True)

    assert world.observer.source_results == ["match", "not_modified", "source_failed", "no_match"]


async def test_the_time_a_call_took_is_observed(world: World) -> None:
    world.source.hold()
    lookup = asyncio.create_task(world.engine(ANA))
    await world.source.begun.wait()
    world.clock.advance(0.25)
    world.source.release()
    await lookup

    assert world.observer.source_seconds == [0.25]


async def test_an_error_that_nobody_foresaw_is_reported_and_does_not_block_the_key(
    world: World,
) -> None:
    reported: list[str] = []
    asyncio.get_running_loop().set_exception_handler(
        lambda _, context: reported.append(str(context["exception"]))
    )
    world.source.error = ZeroDivisionError("unforeseen")
    with pytest.raises(ZeroDivisionError):
        await world.engine(ANA)
    world.source.error = None

    assert (await world.engine(ANA)).outcome is Outcome.MISS
    assert reported == ["unforeseen"]
