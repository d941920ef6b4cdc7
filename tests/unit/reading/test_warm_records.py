"""Have records cached before anybody asks for them."""

from collections.abc import Callable
from contextlib import aclosing

import pytest

from plg.application.records.warm_records import Warmed, WarmRecords, WarmResult
from plg.domain.errors import SourceFailed, SourceUnavailable
from plg.domain.records.players import KillerBiId
from tests.fakes.entries import ANA, BEN
from tests.unit.reading.world import World, make_world


class Sleeper:
    """Moves the world's clock instead of waiting, and does `then` once it has."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.spans: list[float] = []
        self.then: Callable[[], None] = lambda: None

    async def __call__(self, seconds: float) -> None:
        self.spans.append(seconds)
        self.world.clock.advance(seconds)
        self.then()


@pytest.fixture
def world() -> World:
    return make_world(failures_max=1)


@pytest.fixture
def sleeper(world: World) -> Sleeper:
    return Sleeper(world)


@pytest.fixture
def warm(world: World, sleeper: Sleeper) -> WarmRecords[KillerBiId]:
    return WarmRecords(world.engine, KillerBiId.parse, world.clock, sleeper, patience_seconds=60)


def recover(world: World) -> None:
    world.source.error = None


async def results(
    warm: WarmRecords[KillerBiId], *ids: str, per_second: float = 1000, at_once: int = 1
) -> list[Warmed]:
    return [one async for one in warm(ids, per_second=per_second, at_once=at_once)]


async def test_what_becomes_of_each_id_is_told_in_their_order(
    warm: WarmRecords[KillerBiId],
) -> None:
    ids = (ANA.value, "nobody", "", ANA.value, BEN.value)

    assert await results(warm, *ids, at_once=2) == [
        Warmed(ANA.value, WarmResult.WARMED),
        Warmed("nobody", WarmResult.NO_MATCH),
        Warmed("", WarmResult.FAILED, "invalid_parameter"),
        Warmed(ANA.value, WarmResult.FRESH),
        Warmed(BEN.value, WarmResult.WARMED),
    ]


async def test_a_stale_player_is_refreshed(warm: WarmRecords[KillerBiId], world: World) -> None:
    await results(warm, ANA.value)
    world.clock.advance(105)

    assert [one.result for one in await results(warm, ANA.value)] == [WarmResult.WARMED]


async def test_calls_to_the_source_keep_the_pace(
    warm: WarmRecords[KillerBiId], sleeper: Sleeper
) -> None:
    await results(warm, ANA.value, BEN.value, "nobody", per_second=2)

    assert sleeper.spans == [0.5, 0.5]


async def test_time_that_nobody_used_is_not_made_up_for(
    warm: WarmRecords[KillerBiId], world: World, sleeper: Sleeper
) -> None:
    async for _ in warm((ANA.value, BEN.value, "nobody"), per_second=2, at_once=1):
        world.clock.advance(10)

    assert sleeper.spans == []


async def test_fresh_players_do_not_wait(warm: WarmRecords[KillerBiId], sleeper: Sleeper) -> None:
    await results(warm, ANA.value)
    await results(warm, *[ANA.value] * 100, per_second=0.001)

    assert sleeper.spans == []


async def test_an_open_breaker_is_waited_for(
    warm: WarmRecords[KillerBiId], world: World, sleeper: Sleeper
) -> None:
    world.source.error = SourceFailed("down")
    sleeper.then = lambda: recover(world)
    told = await results(warm, ANA.value, BEN.value)

    assert [one.result for one in told] == [WarmResult.FAILED, WarmResult.WARMED]
    assert sum(sleeper.spans) == pytest.approx(30)


async def test_an_open_breaker_is_waited_for_also_where_something_stale_could_be_served(
    warm: WarmRecords[KillerBiId], world: World, sleeper: Sleeper
) -> None:
    await results(warm, ANA.value, BEN.value)
    world.clock.advance(200)
    world.source.error = SourceFailed("down")
    sleeper.then = lambda: recover(world)
    told = await results(warm, ANA.value, BEN.value)

    assert [one.result for one in told] == [WarmResult.FAILED, WarmResult.WARMED]


async def test_a_source_that_stays_down_ends_the_run(world: World, sleeper: Sleeper) -> None:
    warm = WarmRecords(world.engine, KillerBiId.parse, world.clock, sleeper, patience_seconds=10)
    world.source.error = SourceFailed("down")
    told = warm((ANA.value, BEN.value), per_second=1000, at_once=1)

    assert await anext(told) == Warmed(ANA.value, WarmResult.FAILED, "source_failed")
    with pytest.raises(SourceUnavailable):
        await anext(told)


async def test_who_stops_listening_stops_what_is_under_way(
    warm: WarmRecords[KillerBiId], world: World
) -> None:
    ids = (ANA.value, "nobody", BEN.value)
    async with aclosing(warm(ids, per_second=1, at_once=2)) as told:
        assert await anext(told) == Warmed(ANA.value, WarmResult.WARMED)

    assert BEN not in [key for key, _ in world.source.calls]
