"""`ObservationsPort`, kept by every durable database."""

from plg.application.ports.work import UnitOfWorkPort
from plg.domain.records.trendline import TrendPoint
from plg.domain.records.vehicles import Observation, Vin
from tests.fakes.clock import NOON
from tests.fakes.vehicles import IDA, TOM, observation_of
from tests.integration.contracts.works import undone


async def add(work: UnitOfWorkPort, *observations: Observation) -> None:
    async with work.change() as ports:
        await ports.observations.add(observations)


async def newest(work: UnitOfWorkPort, at: float, vin: Vin = IDA) -> Observation | None:
    async with work.look() as ports:
        return await ports.observations.newest(vin, at)


async def times(
    work: UnitOfWorkPort, since: float | None = None, until: float | None = None, limit: int = 100
) -> list[float]:
    async with work.look() as ports:
        points = await ports.observations.points(IDA, since, until, limit=limit)
    return [point.observed_at - NOON for point in points]


async def test_what_was_added_is_found_as_it_was(work: UnitOfWorkPort) -> None:
    exact = observation_of(at=NOON + 0.123456, document=b'{"a":"\xc3\xa4\x00"}')
    await add(work, exact)

    assert await newest(work, NOON + 1) == exact


async def test_what_the_source_did_not_say_stays_unknown(work: UnitOfWorkPort) -> None:
    await add(work, observation_of(soh=None, odometer=None))
    async with work.look() as ports:
        points = await ports.observations.points(IDA, None, None, limit=1)

    assert points == [TrendPoint(NOON, None, None)]


async def test_an_observation_that_is_there_stays_as_it_is(work: UnitOfWorkPort) -> None:
    await add(work, observation_of(soh=90.0))
    await add(work, observation_of(soh=80.0), observation_of(at=NOON + 1))
    found = await newest(work, NOON)

    assert found is not None
    assert (found.soh, await times(work)) == (90.0, [0, 1])


async def test_the_same_twice_at_once_is_one(work: UnitOfWorkPort) -> None:
    await add(work, observation_of(soh=90.0), observation_of(soh=80.0))
    found = await newest(work, NOON)

    assert found is not None
    assert found.soh == 90.0


async def test_nothing_can_be_added(work: UnitOfWorkPort) -> None:
    await add(work)

    assert await newest(work, NOON) is None


async def test_the_newest_is_the_last_that_is_not_after_a_time(work: UnitOfWorkPort) -> None:
    await add(work, *(observation_of(at=NOON + n) for n in (5, 0, 10)))
    found = [await newest(work, NOON + at) for at in (-1, 0, 4, 5, 99)]

    assert [None if each is None else each.observed_at - NOON for each in found] == [
        None,
        0,
        0,
        5,
        10,
    ]


async def test_points_are_in_the_order_of_time_whenever_they_came(work: UnitOfWorkPort) -> None:
    await add(work, *(observation_of(at=NOON + n) for n in (5, 0, 10, 1)))

    assert await times(work) == [0, 1, 5, 10]


async def test_both_ends_of_a_range_belong_to_it(work: UnitOfWorkPort) -> None:
    await add(work, *(observation_of(at=NOON + n) for n in range(6)))

    assert await times(work, NOON + 1, NOON + 3) == [1, 2, 3]
    assert await times(work, since=NOON + 4) == [4, 5]
    assert await times(work, until=NOON + 1) == [0, 1]


async def test_of_too_many_the_newest_are_given(work: UnitOfWorkPort) -> None:
    await add(work, *(observation_of(at=NOON + n) for n in range(6)))

    assert await times(work, until=NOON + 4, limit=2) == [3, 4]


async def test_vehicles_are_kept_apart(work: UnitOfWorkPort) -> None:
    await add(work, observation_of(TOM), observation_of(at=NOON + 1))

    assert await newest(work, NOON) is None
    assert await times(work) == [1]


async def test_what_is_undone_was_never_added(work: UnitOfWorkPort) -> None:
    await undone(work, lambda ports: ports.observations.add([observation_of()]))

    assert await newest(work, NOON) is None


async def test_a_vehicle_before_the_epoch_is_one(work: UnitOfWorkPort) -> None:
    await add(work, observation_of(at=-5.5))

    assert await times(work) == [-5.5 - NOON]
