"""At most one piece of work for each key."""

import asyncio

import pytest

from plg.application.records.single_flight import SingleFlight
from plg.domain.errors import NoMatch
from plg.domain.records.players import KillerBiId
from tests.fakes.entries import ANA, BEN


@pytest.fixture
def single_flight() -> SingleFlight[KillerBiId, str]:
    return SingleFlight()


async def test_everybody_gets_what_the_work_returns(
    single_flight: SingleFlight[KillerBiId, str],
) -> None:
    async def work() -> str:
        return "done"

    single_flight.start(ANA, work)

    both = await asyncio.gather(single_flight.wait(ANA), single_flight.wait(ANA))
    assert list(both) == ["done", "done"]


async def test_a_flight_ends_with_its_work(single_flight: SingleFlight[KillerBiId, str]) -> None:
    async def work() -> str:
        return "done"

    single_flight.start(ANA, work)
    before = (ANA in single_flight, BEN in single_flight, len(single_flight))
    await single_flight.drain()

    assert (before, len(single_flight)) == ((True, False, 1), 0)


async def test_draining_waits_for_work_that_begins_meanwhile(
    single_flight: SingleFlight[KillerBiId, str],
) -> None:
    ended: list[str] = []

    async def second() -> str:
        await asyncio.sleep(0)
        ended.append("second")
        return ""

    async def first() -> str:
        single_flight.start(BEN, second)
        return ""

    single_flight.start(ANA, first)
    await single_flight.drain()

    assert ended == ["second"]


async def test_draining_does_not_mind_failures(
    single_flight: SingleFlight[KillerBiId, str],
) -> None:
    async def work() -> str:
        raise NoMatch

    single_flight.start(ANA, work)
    await single_flight.drain()

    assert len(single_flight) == 0


async def test_an_error_that_nobody_foresaw_is_reported(
    single_flight: SingleFlight[KillerBiId, str],
) -> None:
    reported: list[BaseException] = []
    asyncio.get_running_loop().set_exception_handler(
        lambda _, context: reported.append(context["exception"])
    )

    async def work() -> str:
        raise ZeroDivisionError

    single_flight.start(ANA, work)
    await single_flight.drain()

    assert [type(error) for error in reported] == [ZeroDivisionError]
