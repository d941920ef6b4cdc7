"""Say how PLG is."""

from dataclasses import dataclass, replace

import pytest

from plg.application.background import Background
from plg.application.health.check_health import CheckHealth, Status, WatchedSource
from plg.application.ports.health import StoragePort
from plg.application.ports.records.record_file import RecordFilePort
from plg.application.records.breaker import Breaker
from plg.domain.errors import (
    SourceError,
    SourceFailed,
    SourceTimeout,
    StorageUnavailable,
    Unreachable,
)
from tests.fakes.clock import StoppedClock
from tests.fakes.observer import RecordingObserver
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
def ledger() -> MemoryStorage:
    return MemoryStorage()


@pytest.fixture
def observer() -> RecordingObserver:
    return RecordingObserver()


@pytest.fixture
def background(observer: RecordingObserver) -> Background:
    return Background(observer)


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock()


@pytest.fixture
def breaker(clock: StoppedClock) -> Breaker:
    return Breaker(clock, failures_max=1, open_seconds=10)


@pytest.fixture
def check_health(
    database: MemoryStorage,
    ledger: MemoryStorage,
    cache: MemoryStorage,
    breaker: Breaker,
    background: Background,
) -> CheckHealth:
    return CheckHealth(database, ledger, cache, breaker, POLICY, background)


def trip(breaker: Breaker, error: SourceError | None = None) -> None:
    with pytest.raises(SourceError), breaker.attempt():
        raise error or SourceTimeout("slow")


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


async def test_where_what_is_billable_cannot_be_written_it_is_down(
    check_health: CheckHealth, ledger: MemoryStorage
) -> None:
    ledger.is_down = True
    health = await check_health()

    assert (health.database.status, health.is_ready) == (Status.DOWN, False)


async def test_where_work_in_the_background_has_ended_it_is_down(
    check_health: CheckHealth, background: Background, observer: RecordingObserver
) -> None:
    background.ended("ledger", ZeroDivisionError("a fault"))
    health = await check_health()

    assert (health.database.status, health.is_ready) == (Status.DOWN, False)
    assert health.database.detail == "work in the background has ended: restart PLG"
    assert observer.ended == [("ledger", "a fault")]


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


async def test_why_a_source_cannot_be_reached_is_told(
    check_health: CheckHealth, breaker: Breaker, clock: StoppedClock
) -> None:
    trip(breaker, SourceFailed("for the log", cause=Unreachable.REFUSED))
    assert (await check_health()).source.detail == "the breaker is open: it refuses connections"

    clock.advance(10)
    trip(breaker, SourceFailed("status 503", status=503))
    assert (await check_health()).source.detail == "the breaker is open"


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
    check_health: CheckHealth, clock: StoppedClock
) -> None:
    vehicles = Breaker(clock, failures_max=1, open_seconds=10)
    policy = replace(POLICY, stale_if_error=0)
    check_health = replace(check_health, policy=policy, vehicles=vehicles)
    before = await check_health()
    trip(vehicles)
    after = await check_health()

    assert (before.status, after.status, after.is_ready) == (Status.OK, Status.DEGRADED, True)
    assert after.source.detail == "the breaker of vehicles is open"


async def test_the_source_of_players_counts_for_more(
    check_health: CheckHealth, breaker: Breaker, clock: StoppedClock
) -> None:
    vehicles = Breaker(clock, failures_max=1, open_seconds=10)
    trip(vehicles)
    trip(breaker)
    health = await replace(check_health, vehicles=vehicles)()

    assert health.source.detail == "the breaker is open"


@dataclass(slots=True)
class BrokenFile(RecordFilePort):
    """A file whose newest version cannot be used."""

    fault: str | None = "line 2 is not UTF-8"

    async def refresh(self) -> bool:
        return False


async def test_a_declared_source_that_is_left_alone_degrades(
    check_health: CheckHealth, clock: StoppedClock
) -> None:
    good, bad = (Breaker(clock, failures_max=1, open_seconds=10) for _ in range(2))
    trip(bad)
    sources = {"good": WatchedSource(good, []), "bad": WatchedSource(bad, [])}
    health = await replace(check_health, sources=lambda: sources)()

    assert (health.status, health.is_ready) == (Status.DEGRADED, True)
    assert {name: each.status for name, each in health.sources.items()} == {
        "good": Status.OK,
        "bad": Status.DEGRADED,
    }


async def test_a_declared_file_that_cannot_be_used_degrades_and_says_why(
    check_health: CheckHealth, breaker: Breaker
) -> None:
    sources = {"stock": WatchedSource(breaker, [BrokenFile()])}
    health = await replace(check_health, sources=lambda: sources)()

    assert health.status is Status.DEGRADED
    assert health.sources["stock"].detail == "the file cannot be used: line 2 is not UTF-8"
