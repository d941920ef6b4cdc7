"""Say how PLG is."""

from dataclasses import dataclass, replace

import pytest

from plg.application.health.check_health import CheckHealth, Status
from plg.application.ports.health import StoragePort
from plg.application.reading.breaker import Breaker
from plg.domain.errors import SourceTimeout, StorageUnavailable
from tests.fakes.clock import StoppedClock
from tests.unit.reading.world import POLICY


@dataclass(slots=True)
class MemoryStorage(StoragePort):
    is_down: bool = False

    async def ping(self) -> None:
        if self.is_down:
            raise StorageUnavailable("cannot be read")


@pytest.fixture
def database() -> MemoryStorage:
    return MemoryStorage()


@pytest.fixture
def cache() -> MemoryStorage:
    return MemoryStorage()


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock()


@pytest.fixture
def breaker(clock: StoppedClock) -> Breaker:
    return Breaker(clock, failures_max=1, open_seconds=10)


@pytest.fixture
def check_health(database: MemoryStorage, cache: MemoryStorage, breaker: Breaker) -> CheckHealth:
    return CheckHealth(database, cache, breaker, POLICY)


def trip(breaker: Breaker) -> None:
    with pytest.raises(SourceTimeout), breaker.attempt():
        raise SourceTimeout("slow")


async def test_when_everything_answers_all_is_well(check_health: CheckHealth) -> None:
    health = await check_health()

    assert (health.status, health.is_ready, health.source.detail) == (Status.OK, True, None)


async def test_without_its_database_it_is_down(
    check_health: CheckHealth, database: MemoryStorage
) -> None:
    database.is_down = True
    health = await check_health()

    assert (health.status, health.is_ready) == (Status.DOWN, False)
    assert health.database.detail == "cannot be read"


async def test_without_its_durable_cache_it_goes_on(
    check_health: CheckHealth, cache: MemoryStorage
) -> None:
    cache.is_down = True
    health = await check_health()

    assert (health.status, health.is_ready) == (Status.DEGRADED, True)


async def test_without_its_source_it_goes_on_where_stale_answers_are_allowed(
    check_health: CheckHealth, breaker: Breaker
) -> None:
    trip(breaker)
    health = await check_health()

    assert (health.source.status, health.is_ready) == (Status.DEGRADED, True)
    assert health.source.detail == "the breaker is open"


async def test_without_its_source_it_is_down_where_nothing_stale_is_allowed(
    check_health: CheckHealth, breaker: Breaker
) -> None:
    trip(breaker)
    strict = replace(check_health, policy=replace(POLICY, stale_if_error=0))

    assert not (await strict()).is_ready


async def test_a_source_that_is_being_probed_is_not_yet_well(
    check_health: CheckHealth, breaker: Breaker, clock: StoppedClock
) -> None:
    trip(breaker)
    clock.advance(10)

    assert (await check_health()).source.detail == "the breaker is half-open"


async def test_the_worst_counts(
    check_health: CheckHealth, database: MemoryStorage, cache: MemoryStorage
) -> None:
    cache.is_down = database.is_down = True

    assert (await check_health()).status is Status.DOWN


async def test_without_the_source_of_vehicles_it_goes_on(
    database: MemoryStorage, cache: MemoryStorage, breaker: Breaker, clock: StoppedClock
) -> None:
    vehicles = Breaker(clock, failures_max=1, open_seconds=10)
    check_health = CheckHealth(
        database, cache, breaker, replace(POLICY, stale_if_error=0), vehicles
    )
    before = await check_health()
    trip(vehicles)
    after = await check_health()

    assert (before.status, after.status, after.is_ready) == (Status.OK, Status.DEGRADED, True)
    assert after.source.detail == "the breaker of vehicles is open"


async def test_the_source_of_players_counts_for_more(
    database: MemoryStorage, cache: MemoryStorage, breaker: Breaker, clock: StoppedClock
) -> None:
    vehicles = Breaker(clock, failures_max=1, open_seconds=10)
    trip(vehicles)
    trip(breaker)
    health = await CheckHealth(database, cache, breaker, POLICY, vehicles)()

    assert health.source.detail == "the breaker is open"
