"""Calls to the source that somebody must be allowed to make."""

import asyncio

import pytest

from plg.domain.errors import RateExceeded, SourceFailed
from plg.domain.limits.rates import Decision, LimitTier, Rate, Rule, RuleSet
from plg.domain.records.freshness import RequestDirectives
from plg.domain.records.lookups import Outcome
from tests.fakes.entries import ANA, BEN
from tests.unit.reading.world import World, make_world

RULE = Rule(LimitTier.SOURCE_CALLS, Rate(1, 60))


class Permit:
    """Counts how often it was asked for, and is refused when told to."""

    def __init__(self) -> None:
        self.asked = 0
        self.is_refused = False
        self.begun = asyncio.Event()
        self.open = asyncio.Event()
        self.open.set()

    async def __call__(self) -> None:
        self.asked += 1
        self.begun.set()
        await self.open.wait()
        if self.is_refused:
            raise RateExceeded(Decision(RuleSet((RULE,)), [0, 60], (RULE,), 60.0))


@pytest.fixture
def permit() -> Permit:
    return Permit()


@pytest.fixture
async def held(world: World) -> World:
    """A world in which Ana's entry is cached, and fresh."""
    await world.engine(ANA)
    return world


async def test_a_miss_needs_a_permit(world: World, permit: Permit) -> None:
    await world.engine(ANA, permit=permit)

    assert permit.asked == 1


async def test_a_refused_miss_does_not_reach_the_source(world: World, permit: Permit) -> None:
    permit.is_refused = True

    with pytest.raises(RateExceeded):
        await world.engine(ANA, permit=permit)
    assert world.source.calls == []
    assert world.engine.in_flight == 0


async def test_a_hit_needs_none(held: World, permit: Permit) -> None:
    assert (await held.engine(ANA, permit=permit)).outcome is Outcome.HIT
    assert permit.asked == 0


async def test_a_hit_in_the_durable_tier_needs_none(held: World, permit: Permit) -> None:
    await held.memory.clear()

    assert (await held.engine(ANA, permit=permit)).outcome is Outcome.HIT
    assert permit.asked == 0


async def test_a_refresh_behind_a_stale_answer_needs_none(held: World, permit: Permit) -> None:
    held.clock.advance(105)
    lookup = await held.engine(ANA, permit=permit)
    await held.engine.drain()

    assert lookup.outcome is Outcome.STALE_WHILE_REVALIDATE
    assert (permit.asked, len(held.source.calls)) == (0, 2)


async def test_a_lookup_that_wants_nothing_but_the_cache_needs_none(
    world: World, permit: Permit
) -> None:
    with pytest.raises(Exception, match="may be served"):
        await world.engine(ANA, RequestDirectives(only_if_cached=True), permit)
    assert permit.asked == 0


async def test_of_those_who_wait_for_one_call_the_first_alone_needs_one(
    world: World, permit: Permit
) -> None:
    world.source.hold()
    lookups = [asyncio.ensure_future(world.engine(ANA, permit=permit)) for _ in range(5)]
    await world.source.begun.wait()
    lookups.append(asyncio.ensure_future(world.engine(ANA, permit=permit)))
    await asyncio.sleep(0)
    world.source.release()
    await asyncio.gather(*lookups)

    assert (permit.asked, len(world.source.calls)) == (1, 1)


async def test_who_was_refused_still_waits_for_anothers_call(world: World, permit: Permit) -> None:
    permit.is_refused = True
    world.source.hold()
    first = asyncio.ensure_future(world.engine(ANA))
    await world.source.begun.wait()
    second = asyncio.ensure_future(world.engine(ANA, permit=permit))
    await asyncio.sleep(0)
    world.source.release()

    assert (await first).outcome is Outcome.MISS
    assert (await second).outcome is Outcome.COLLAPSED


async def test_a_call_begun_while_the_permit_was_waited_for_is_joined(
    world: World, permit: Permit
) -> None:
    permit.open.clear()
    waiting = asyncio.ensure_future(world.engine(ANA, permit=permit))
    await permit.begun.wait()
    world.source.hold()
    other = asyncio.ensure_future(world.engine(ANA))
    await world.source.begun.wait()
    permit.open.set()
    await asyncio.sleep(0)
    world.source.release()

    assert (await other).outcome is Outcome.MISS
    assert (await waiting).outcome is Outcome.COLLAPSED
    assert len(world.source.calls) == 1


@pytest.mark.parametrize("is_in_memory", [True, False])
async def test_who_is_refused_gets_the_stale_record_that_a_failing_source_would_leave(
    held: World, permit: Permit, is_in_memory: bool
) -> None:
    permit.is_refused = True
    held.clock.advance(500)
    if not is_in_memory:
        await held.memory.clear()
    lookup = await held.engine(ANA, permit=permit)

    assert (lookup.outcome, lookup.forward) == (Outcome.STALE_IF_ERROR, None)
    assert len(held.source.calls) == 1


async def test_past_its_bound_nothing_stale_is_served_instead(held: World, permit: Permit) -> None:
    permit.is_refused = True
    held.clock.advance(1101)

    with pytest.raises(RateExceeded):
        await held.engine(ANA, permit=permit)


async def test_who_is_refused_gets_what_another_process_has_refreshed(
    held: World, permit: Permit
) -> None:
    permit.is_refused = True
    held.clock.advance(500)
    entry = held.store.held[ANA.value]
    held.store.held[ANA.value] = entry.renewed(held.clock.now(), 100, entry.validator)

    assert (await held.engine(ANA, permit=permit)).outcome is Outcome.HIT


async def test_a_permit_is_for_one_call(permit: Permit) -> None:
    world = make_world()
    world.source.error = SourceFailed("no")
    for key in (ANA, BEN):
        with pytest.raises(SourceFailed):
            await world.engine(key, permit=permit)

    assert permit.asked == 2
