"""Look a player up."""

import pytest

from plg.adapters.memory.limiter import MemoryLimiter
from plg.application.limits.limits import Limits
from plg.application.records.get_player import GetPlayer
from plg.domain.errors import RateExceeded
from plg.domain.identity.access import SERVICE_SCOPES, Caller, Scope
from plg.domain.limits.rates import LimitTier, Rate
from plg.domain.records.freshness import RequestDirectives
from plg.domain.records.lookups import Outcome
from tests.fakes.entries import ANA, BEN
from tests.fakes.limits import RecordingLimitsObserver
from tests.unit.reading.world import World, make_world

SERVICE = Caller("service", SERVICE_SCOPES)
READER = Caller("reader", frozenset({Scope.PLAYERS_READ}))


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def get_player(world: World) -> GetPlayer:
    return GetPlayer(world.engine)


async def test_a_player_is_looked_up(get_player: GetPlayer) -> None:
    assert (await get_player(ANA, READER)).outcome is Outcome.MISS


async def test_what_was_looked_up_is_at_hand(get_player: GetPlayer, world: World) -> None:
    lookup = await get_player(ANA, READER)

    assert get_player.records.peek(ANA, world.clock.now()) == lookup.entry


async def test_a_caller_with_the_scope_may_turn_the_cache_off(get_player: GetPlayer) -> None:
    await get_player(ANA, SERVICE)
    lookup = await get_player(ANA, SERVICE, RequestDirectives(no_cache=True))

    assert lookup.outcome is Outcome.REVALIDATED


@pytest.mark.parametrize(
    "asked",
    [
        RequestDirectives(no_cache=True),
        RequestDirectives(max_age=0),
        RequestDirectives(min_fresh=1000),
    ],
)
async def test_a_caller_without_the_scope_may_not(
    get_player: GetPlayer, world: World, asked: RequestDirectives
) -> None:
    await get_player(ANA, READER)
    world.clock.advance(1)

    assert (await get_player(ANA, READER, asked)).outcome is Outcome.HIT


async def test_a_caller_without_the_scope_may_be_content_with_less(
    get_player: GetPlayer, world: World
) -> None:
    await get_player(ANA, READER)
    world.clock.advance(300)
    lookup = await get_player(ANA, READER, RequestDirectives(max_stale=500))

    assert lookup.outcome is Outcome.STALE_WHILE_REVALIDATE


async def test_a_caller_who_reached_the_source_too_often_is_refused(world: World) -> None:
    get_player = limited(world)
    await get_player(ANA, READER)

    with pytest.raises(RateExceeded):
        await get_player(BEN, READER)
    assert (await get_player(ANA, READER)).outcome is Outcome.HIT


async def test_a_caller_without_limits_may_reach_the_source_as_often_as_they_like(
    world: World,
) -> None:
    get_player = limited(world)
    operator = Caller("operator", SERVICE_SCOPES, is_limited=False)

    assert [(await get_player(key, operator)).outcome for key in (ANA, BEN)] == [Outcome.MISS] * 2


def limited(world: World) -> GetPlayer:
    """Let each caller reach the source once a minute."""
    rates = {tier: Rate(1, 60) for tier in LimitTier}
    observer = RecordingLimitsObserver()
    limits = Limits(rates, MemoryLimiter(), MemoryLimiter(), observer, world.clock)
    return GetPlayer(world.engine, limits)
