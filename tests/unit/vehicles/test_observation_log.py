"""Observations, written behind the answers."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from plg.application.ports.work import Work
from plg.application.records import observation_log
from plg.application.records.observation_log import ObservationLog
from plg.domain.records.vehicles import DOCUMENT_BYTES_MAX
from tests.fakes.clock import NOON
from tests.fakes.observer import RecordingObserver
from tests.fakes.vehicles import IDA, TOM, observation_of
from tests.fakes.work import MemoryWork


@pytest.fixture
def work() -> MemoryWork:
    return MemoryWork()


@pytest.fixture
def observer() -> RecordingObserver:
    return RecordingObserver()


@pytest.fixture
def log(work: MemoryWork, observer: RecordingObserver) -> ObservationLog:
    return ObservationLog(work, observer)


def kept(work: MemoryWork) -> list[tuple[str, float]]:
    return sorted(work.tables.observations)


class TellingWork(MemoryWork):
    """Tells that something was committed."""

    def __init__(self) -> None:
        super().__init__()
        self.has_committed = asyncio.Event()

    @asynccontextmanager
    async def change(self) -> AsyncIterator[Work]:
        async with super().change() as ports:
            yield ports
        self.has_committed.set()


async def test_what_is_noted_is_written_without_being_asked_for(
    observer: RecordingObserver,
) -> None:
    work = TellingWork()
    ObservationLog(work, observer).note(observation_of())
    async with asyncio.timeout(5):
        await work.has_committed.wait()

    assert kept(work) == [(IDA.value, NOON)]


async def test_nothing_is_written_before_the_answer(log: ObservationLog, work: MemoryWork) -> None:
    log.note(observation_of())

    assert (len(log), kept(work)) == (1, [])
    await log.drain()


async def test_what_gathers_is_written_together(log: ObservationLog, work: MemoryWork) -> None:
    for number in range(50):
        log.note(observation_of(at=NOON + number))
    await log.drain()

    assert (len(kept(work)), work.commits) == (50, 1)


async def test_many_are_written_in_groups(log: ObservationLog, work: MemoryWork) -> None:
    for number in range(observation_log.GROUP_MAX + 1):
        log.note(observation_of(at=NOON + number))
    await log.drain()

    assert (len(kept(work)), work.commits) == (observation_log.GROUP_MAX + 1, 2)


async def test_the_same_observation_is_written_once(log: ObservationLog, work: MemoryWork) -> None:
    for _ in range(3):
        log.note(observation_of())
        await log.drain()

    assert (kept(work), work.commits) == ([(IDA.value, NOON)], 1)


async def test_a_new_time_of_the_same_vehicle_is_a_new_observation(
    log: ObservationLog, work: MemoryWork
) -> None:
    for at in (NOON, NOON + 60, NOON - 60):
        log.note(observation_of(at=at))
        await log.drain()

    assert kept(work) == [(IDA.value, NOON + shift) for shift in (-60, 0, 60)]


async def test_the_last_ones_of_few_vehicles_are_remembered(
    work: MemoryWork, observer: RecordingObserver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(observation_log, "REMEMBERED_MAX", 1)
    log = ObservationLog(work, observer)
    for vin in (IDA, TOM, IDA):
        log.note(observation_of(vin))
        await log.drain()

    assert (len(kept(work)), work.commits) == (2, 3)


async def test_without_a_database_they_wait_and_it_is_told(
    log: ObservationLog, work: MemoryWork, observer: RecordingObserver
) -> None:
    work.is_down = True
    log.note(observation_of())
    await log.drain()

    assert len(log) == 1
    assert observer.cache_failures == [("observations", "the database is down")]


async def test_when_the_database_is_back_they_are_written(
    log: ObservationLog, work: MemoryWork
) -> None:
    work.is_down = True
    log.note(observation_of())
    await log.drain()
    work.is_down = False
    log.note(observation_of(TOM))
    await log.drain()

    assert len(kept(work)) == 2


async def test_past_the_bound_the_oldest_are_dropped(
    work: MemoryWork, observer: RecordingObserver
) -> None:
    log = ObservationLog(work, observer, bytes_max=30)
    for number in range(4):
        log.note(observation_of(at=NOON + number, document=b"x" * 10))
    await log.drain()

    assert [at - NOON for _, at in kept(work)] == [1, 2, 3]
    assert observer.cache_failures == [("observations", "too many observations wait")]


async def test_what_waits_already_does_not_count_twice(
    work: MemoryWork, observer: RecordingObserver
) -> None:
    log = ObservationLog(work, observer, bytes_max=10)
    for _ in range(2):
        log.note(observation_of(document=b"x" * 10))
    await log.drain()

    assert (kept(work), observer.cache_failures) == ([(IDA.value, NOON)], [])


async def test_a_record_that_is_too_large_is_not_kept(
    log: ObservationLog, work: MemoryWork, observer: RecordingObserver
) -> None:
    log.note(observation_of(document=b"x" * (DOCUMENT_BYTES_MAX + 1)))
    await log.drain()

    assert (kept(work), observer.cache_failures) == (
        [],
        [("observations", "an observation is too large")],
    )


async def test_without_observations_there_is_nothing_to_wait_for(log: ObservationLog) -> None:
    await log.drain()

    assert not log
