"""The machine's clock is set back by an hour."""

import pytest

from plg.domain.errors import NoMatch, SourceFailed
from plg.domain.records.lookups import Outcome
from tests.fakes.entries import ANA, NOBODY
from tests.unit.reading.world import World, make_world

HOUR = 3600


async def test_what_is_stamped_in_the_future_is_asked_for_once(world: World) -> None:
    await world.engine(ANA)
    world.clock.set_back(HOUR)
    outcomes = [(await world.engine(ANA)).outcome for _ in range(3)]

    assert outcomes == [Outcome.REVALIDATED, Outcome.HIT, Outcome.HIT]
    assert len(world.source.calls) == 2


async def test_what_was_fetched_since_is_kept_in_every_tier(world: World) -> None:
    await world.engine(ANA)
    world.clock.set_back(HOUR)
    entry = (await world.engine(ANA)).entry

    assert entry.validated_at == world.clock.now()
    assert world.memory.peek(ANA) == await world.store.get(ANA) == entry


async def test_what_another_process_fetched_since_is_taken(world: World) -> None:
    entry = (await world.engine(ANA)).entry
    world.clock.set_back(HOUR)
    await world.store.remove(ANA)
    await world.store.put(ANA, entry.renewed(world.clock.now(), 100, None))

    assert [(await world.engine(ANA)).outcome for _ in range(2)] == [Outcome.HIT] * 2
    assert world.engine.peek(ANA, world.clock.now()) is not None
    assert len(world.source.calls) == 1


async def test_a_record_of_unknown_age_is_not_served_instead_of_a_failure(world: World) -> None:
    await world.engine(ANA)
    world.clock.set_back(HOUR)
    world.source.error = SourceFailed("down", status=503)

    with pytest.raises(SourceFailed):
        await world.engine(ANA)


async def test_a_correction_of_seconds_changes_nothing(world: World) -> None:
    await world.engine(ANA)
    world.clock.set_back(4)

    assert (await world.engine(ANA)).outcome is Outcome.HIT


async def test_an_absence_is_not_remembered_for_longer() -> None:
    world = make_world(negative_ttl=60)
    for _ in range(2):
        with pytest.raises(NoMatch):
            await world.engine(NOBODY)
        world.clock.set_back(HOUR)
        world.clock.advance(60)

    assert len(world.source.calls) == 2
