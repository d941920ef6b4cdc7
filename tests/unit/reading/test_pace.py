"""Not faster than agreed."""

import pytest

from plg.application.records.throttle import Pace
from tests.fakes.clock import StoppedClock


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock()


@pytest.fixture
def waits() -> list[float]:
    return []


@pytest.fixture
def pace(clock: StoppedClock, waits: list[float]) -> Pace:
    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    return Pace(4, clock, sleep)


async def test_the_first_does_not_wait(pace: Pace, waits: list[float]) -> None:
    await pace.wait()

    assert waits == []


async def test_each_waits_for_its_turn(pace: Pace, waits: list[float]) -> None:
    for _ in range(4):
        await pace.wait()

    assert waits == [0.25, 0.5, 0.75]


async def test_who_comes_late_does_not_wait(
    pace: Pace, clock: StoppedClock, waits: list[float]
) -> None:
    await pace.wait()
    clock.advance(0.25)
    await pace.wait()

    assert waits == []


async def test_time_that_nobody_used_is_not_made_up_for(
    pace: Pace, clock: StoppedClock, waits: list[float]
) -> None:
    await pace.wait()
    clock.advance(100)
    await pace.wait()
    await pace.wait()

    assert waits == [0.25]
