"""Many who want the same wait for one who fetches it."""

import asyncio

import pytest

from plg.domain.errors import NoMatch, SourceFailed
from plg.domain.records.lookups import Forward, Lookup, Outcome
from tests.fakes.entries import ANA, BEN, NOBODY
from tests.unit.reading.world import World, make_world


def lookups(world: World, count: int) -> list[asyncio.Task[Lookup]]:
    return [asyncio.create_task(world.engine(ANA)) for _ in range(count)]


async def test_a_thousand_concurrent_misses_are_one_call(world: World) -> None:
    answers = await asyncio.gather(*lookups(world, 1000))

    assert len(world.source.calls) == 1
    assert len({answer.entry for answer in answers}) == 1


async def test_a_thousand_concurrent_misses_are_one_call_without_a_memory_tier() -> None:
    world = make_world(memory_bytes=0)
    await asyncio.gather(*lookups(world, 1000))

    assert len(world.source.calls) == 1


async def test_one_is_a_miss_and_the_others_are_collapsed(world: World) -> None:
    answers = await asyncio.gather(*lookups(world, 3))

    assert sorted(answer.outcome for answer in answers) == [
        Outcome.COLLAPSED,
        Outcome.COLLAPSED,
        Outcome.MISS,
    ]


async def test_a_collapsed_lookup_says_why_it_would_have_asked(world: World) -> None:
    _, joined = await asyncio.gather(*lookups(world, 2))

    assert (joined.forward, joined.source_status, joined.is_stored) == (
        Forward.URI_MISS,
        None,
        False,
    )


async def test_collapsed_lookups_are_counted(world: World) -> None:
    await asyncio.gather(*lookups(world, 3))

    assert world.observer.collapses == 2


async def test_a_lookup_that_comes_during_the_call_joins_it(world: World) -> None:
    world.source.hold()
    first = asyncio.create_task(world.engine(ANA))
    await world.source.begun.wait()
    late = asyncio.create_task(world.engine(ANA))
    world.source.release()

    assert [(await first).outcome, (await late).outcome] == [Outcome.MISS, Outcome.COLLAPSED]


async def test_different_keys_do_not_wait_for_each_other(world: World) -> None:
    await asyncio.gather(world.engine(ANA), world.engine(BEN))

    assert {key for key, _ in world.source.calls} == {ANA, BEN}


async def test_all_who_wait_learn_of_a_failure(world: World) -> None:
    world.source.error = SourceFailed("no")
    answers = await asyncio.gather(*lookups(world, 10), return_exceptions=True)

    assert {type(answer) for answer in answers} == {SourceFailed}
    assert len(world.source.calls) == 1


async def test_all_who_wait_learn_that_there_is_no_match(world: World) -> None:
    answers = await asyncio.gather(
        *(world.engine(NOBODY) for _ in range(10)), return_exceptions=True
    )

    assert {type(answer) for answer in answers} == {NoMatch}
    assert len(world.source.calls) == 1


async def test_a_caller_that_goes_away_does_not_cancel_the_fetch(world: World) -> None:
    world.source.hold()
    first, second = lookups(world, 2)
    await world.source.begun.wait()
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    world.source.release()

    assert b"KB-000001" in (await second).entry.body
    assert (len(world.source.calls), world.source.cancelled) == (1, 0)


async def test_the_fetch_is_remembered_even_if_everybody_went_away(world: World) -> None:
    world.source.hold()
    callers = lookups(world, 3)
    await world.source.begun.wait()
    for caller in callers:
        caller.cancel()
    await asyncio.gather(*callers, return_exceptions=True)
    world.source.release()
    await world.engine.drain()

    assert (await world.engine(ANA)).outcome is Outcome.HIT


async def test_a_failure_that_nobody_waits_for_disturbs_nobody(world: World) -> None:
    world.source.hold()
    world.source.error = SourceFailed("no")
    (caller,) = lookups(world, 1)
    await world.source.begun.wait()
    caller.cancel()
    world.source.release()
    await world.engine.drain()
    world.source.error = None

    assert (await world.engine(ANA)).outcome is Outcome.MISS


async def test_lookups_in_flight_are_counted(world: World) -> None:
    world.source.hold()
    caller = asyncio.create_task(world.engine(ANA))
    await world.source.begun.wait()
    during = world.engine.in_flight
    world.source.release()
    await caller
    await world.engine.drain()

    assert (during, world.engine.in_flight) == (1, 0)
