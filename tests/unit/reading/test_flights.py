"""At most one piece of work for each key."""

import asyncio

import pytest

from plg.application.records.single_flight import Flights
from plg.domain.errors import NoMatch
from plg.domain.records.players import KillerBiId
from tests.fakes.entries import ANA, BEN


@pytest.fixture
def flights() -> Flights[KillerBiId, str]:
    return Flights()


async def test_everybody_gets_what_the_work_returns(flights: Flights[KillerBiId, str]) -> None:
    async def work() -> str:
        return "done"

    flights.start(ANA, work)

    both = await asyncio.gather(flights.wait(ANA), flights.wait(ANA))
    assert list(both) == ["done", "done"]


async def test_a_flight_ends_with_its_work(flights: Flights[KillerBiId, str]) -> None:
    async def work() -> str:
        return "done"

    flights.start(ANA, work)
    before = (ANA in flights, BEN in flights, len(flights))
    await flights.drain()

    assert (before, len(flights)) == ((True, False, 1), 0)


async def test_draining_waits_for_work_that_begins_meanwhile(
    flights: Flights[KillerBiId, str],
) -> None:
    ended: list[str] = []

    async def second() -> str:
        await asyncio.sleep(0)
        ended.append("second")
        return ""

    async def first() -> str:
        flights.start(BEN, second)
        return ""

    flights.start(ANA, first)
    await flights.drain()

    assert ended == ["second"]


async def test_draining_does_not_mind_failures(flights: Flights[KillerBiId, str]) -> None:
    async def work() -> str:
        raise NoMatch

    flights.start(ANA, work)
    await flights.drain()

    assert len(flights) == 0


async def test_an_error_that_nobody_foresaw_is_reported(
    flights: Flights[KillerBiId, str],
) -> None:
    reported: list[BaseException] = []
    asyncio.get_running_loop().set_exception_handler(
        lambda _, context: reported.append(context["exception"])
    )

    async def work() -> str:
        raise ZeroDivisionError

    flights.start(ANA, work)
    await flights.drain()

    assert [type(error) for error in reported] == [ZeroDivisionError]
