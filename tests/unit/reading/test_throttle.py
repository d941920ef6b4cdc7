"""Not faster than agreed."""

import pytest

from plg.application.records.throttle import Throttle
from tests.fakes.clock import StoppedClock


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock()


@pytest.fixture
def waits() -> list[float]:
    return []


@pytest.fixture
def throttle(clock: StoppedClock, waits: list[float]) -> Throttle:
    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    return Throttle(4, clock, sleep)


async def test_the_first_does_not_wait(throttle: Throttle, waits: list[float]) -> None:
    await throttle.wait()

    assert waits == []


async def test_each_waits_for_its_turn(throttle: Throttle, waits: list[float]) -> None:
    for _ in range(4):
        await throttle.wait()

    assert waits == [0.25, 0.5, 0.75]


async def test_who_comes_late_does_not_wait(
    throttle: Throttle, clock: StoppedClock, waits: list[float]
) -> None:
    await throttle.wait()
    clock.advance(0.25)
    await throttle.wait()

    assert waits == []


async def test_time_that_nobody_used_is_not_made_up_for(
    throttle: Throttle, clock: StoppedClock, waits: list[float]
) -> None:
    await throttle.wait()
    clock.advance(100)
    await throttle.wait()
    await throttle.wait()

    assert waits == [0.25]
