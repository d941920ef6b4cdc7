"""What the source is known not to have."""

import asyncio

import pytest

from plg.application.records.negative_cache import ABSENCES_MAX, NegativeCache
from plg.domain.errors import NoMatch
from plg.domain.records.lookups import Outcome
from plg.domain.records.players import KillerBiId
from tests.fakes.entries import ANA, NOBODY
from tests.unit.reading.world import World, make_world


@pytest.fixture
def world() -> World:
    return make_world(negative_ttl=60)


async def miss(world: World) -> None:
    with pytest.raises(NoMatch):
        await world.engine(NOBODY)


async def test_an_absence_is_remembered_for_its_time(world: World) -> None:
    await miss(world)
    world.clock.advance(59)
    await miss(world)

    assert len(world.source.calls) == 1


async def test_past_its_time_the_source_is_asked_again(world: World) -> None:
    await miss(world)
    world.clock.advance(60)
    await miss(world)

    assert len(world.source.calls) == 2


async def test_a_record_that_appears_is_found_when_the_absence_is_over(world: World) -> None:
    await miss(world)
    world.source.known.add(NOBODY)
    world.clock.advance(60)

    assert (await world.engine(NOBODY)).outcome is Outcome.MISS


@pytest.mark.parametrize("purged", [NOBODY, None], ids=["the key", "everything"])
async def test_a_purge_forgets_an_absence(world: World, purged: KillerBiId | None) -> None:
    await miss(world)
    await world.engine.purge(purged)
    await miss(world)

    assert len(world.source.calls) == 2


async def test_a_purge_of_another_key_keeps_an_absence(world: World) -> None:
    await miss(world)
    await world.engine.purge(ANA)
    await miss(world)

    assert len(world.source.calls) == 1


async def test_an_absence_that_was_found_before_a_purge_is_not_remembered_after_it(
    world: World,
) -> None:
    world.source.hold()
    lookup = asyncio.create_task(world.engine(NOBODY))
    await world.source.begun.wait()
    await world.engine.purge(NOBODY)
    world.source.release()
    with pytest.raises(NoMatch):
        await lookup
    await miss(world)

    assert len(world.source.calls) == 2


def test_without_a_time_nothing_is_remembered() -> None:
    negative_cache = NegativeCache(0)
    negative_cache.add("a", now=1)

    assert not negative_cache.covers("a", now=1)


def test_the_oldest_absence_makes_room() -> None:
    negative_cache = NegativeCache(60)
    for number in range(ABSENCES_MAX + 1):
        negative_cache.add(str(number), now=1)

    assert [negative_cache.covers(key, now=1) for key in ("0", "1")] == [False, True]


def test_an_absence_seen_again_is_the_newest() -> None:
    negative_cache = NegativeCache(60)
    for number in range(ABSENCES_MAX):
        negative_cache.add(str(number), now=1)
    negative_cache.add("0", now=1)
    negative_cache.add("new", now=1)

    assert [negative_cache.covers(key, now=1) for key in ("0", "1")] == [True, False]
