"""What is made of the observations that are kept."""

import json

import pytest

from plg.adapters.encoding.vehicles import JsonDynamicEncoder, JsonVehicleReader
from plg.application.ports.records.source import Fetched, NotModified, SourcePort
from plg.application.records.get_dynamic_at import GetDynamicDataAt
from plg.application.records.get_trendline import GetTrendline
from plg.application.records.observation_log import ObservationLog
from plg.application.records.observed_source import ObservedSource
from plg.domain.errors import NoMatch, SourceFailed, StorageUnavailable
from plg.domain.records.trendline import TrendQuery
from plg.domain.records.vehicles import DynamicData, Vin
from tests.fakes.clock import NOON
from tests.fakes.observer import RecordingObserver
from tests.fakes.vehicles import IDA, TOM, dynamic_document, observation_of
from tests.fakes.work import MemoryWork

Answer = Fetched[DynamicData] | NotModified | None


class FixedSource(SourcePort[Vin, DynamicData]):
    """Gives one answer, or raises one error."""

    def __init__(self, answer: Answer | Exception) -> None:
        self.answer = answer

    async def fetch(self, key: Vin, validator: str | None = None) -> Answer:  # noqa: ARG002 - the port's
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@pytest.fixture
def work() -> MemoryWork:
    return MemoryWork()


async def with_observations(work: MemoryWork, count: int) -> None:
    async with work.change() as ports:
        await ports.observations.add(
            [observation_of(at=NOON + n, soh=90.0 - n / 100) for n in range(count)]
        )


async def fetched(work: MemoryWork, answer: Answer | Exception) -> Answer:
    log = ObservationLog(work, RecordingObserver())
    source = ObservedSource(FixedSource(answer), JsonVehicleReader(), log)
    try:
        return await source.fetch(IDA)
    finally:
        await log.drain()


async def test_what_is_fetched_is_passed_on_and_kept(work: MemoryWork) -> None:
    answer = Fetched(DynamicData(IDA, dynamic_document()), '"v1"')

    assert await fetched(work, answer) is answer
    assert list(work.tables.observations) == [(IDA.value, NOON)]


async def test_what_is_dropped_for_its_time_is_passed_on_and_told(work: MemoryWork) -> None:
    observer = RecordingObserver()
    answer = Fetched(DynamicData(IDA, b'{"timestamp":"2023-11-14T22:13Z"}'), None)
    log = ObservationLog(work, observer)
    source = ObservedSource(FixedSource(answer), JsonVehicleReader(), log)

    assert await source.fetch(IDA) is answer
    ((tier, reason),) = observer.cache_failures
    assert tier == "observations"
    assert reason.endswith('is no RFC 3339 time: "2023-11-14T22:13Z"')
    assert len(log) == 0


@pytest.mark.parametrize(
    "answer", [None, NotModified('"v1"'), Fetched(DynamicData(IDA, b'{"soh":94.2}'), None)]
)
async def test_an_answer_without_a_time_of_its_own_is_passed_on_and_not_kept(
    work: MemoryWork, answer: Answer
) -> None:
    assert await fetched(work, answer) is answer
    assert not work.tables.observations


async def test_a_source_that_fails_fails(work: MemoryWork) -> None:
    with pytest.raises(SourceFailed):
        await fetched(work, SourceFailed("no"))


async def test_the_newest_that_is_not_after_a_time_is_served(work: MemoryWork) -> None:
    await with_observations(work, 3)
    get = GetDynamicDataAt(work, JsonDynamicEncoder())

    body = json.loads((await get(IDA, NOON + 1.5)).body)
    assert body["timestamp"] == "2023-11-14T22:13:21+00:00"


async def test_a_record_of_then_is_the_one_that_was_served_then(work: MemoryWork) -> None:
    await with_observations(work, 1)
    encoder = JsonDynamicEncoder()

    served = encoder.encode(DynamicData(IDA, dynamic_document()), NOON)
    assert await GetDynamicDataAt(work, encoder)(IDA, NOON) == served


@pytest.mark.parametrize(("vin", "at"), [(IDA, NOON - 1), (TOM, NOON)])
async def test_before_the_first_one_there_is_no_match(
    work: MemoryWork, vin: Vin, at: float
) -> None:
    await with_observations(work, 1)

    with pytest.raises(NoMatch):
        await GetDynamicDataAt(work, JsonDynamicEncoder())(vin, at)


async def test_a_trendline_stands_for_all_observations(work: MemoryWork) -> None:
    await with_observations(work, 500)
    trendline = await GetTrendline(work)(TrendQuery(IDA, points=50))

    assert (trendline.observations, trendline.is_complete) == (500, True)
    assert 2 <= len(trendline.points) <= 50


async def test_a_range_leaves_the_others_out(work: MemoryWork) -> None:
    await with_observations(work, 10)
    trendline = await GetTrendline(work)(TrendQuery(IDA, NOON + 2, NOON + 4))

    assert [point.observed_at - NOON for point in trendline.points] == [2, 3, 4]


@pytest.mark.parametrize(("count", "is_complete"), [(20, True), (21, False)])
async def test_more_than_may_be_read_is_told(
    work: MemoryWork, count: int, *, is_complete: bool
) -> None:
    await with_observations(work, count)
    trendline = await GetTrendline(work, observations_max=20)(TrendQuery(IDA))

    assert (trendline.observations, trendline.is_complete) == (20, is_complete)
    assert trendline.points[-1].observed_at == NOON + count - 1


async def test_a_vehicle_that_was_never_observed_has_no_points(work: MemoryWork) -> None:
    trendline = await GetTrendline(work)(TrendQuery(TOM))

    assert (trendline.points, trendline.observations, trendline.is_complete) == ((), 0, True)


async def test_without_the_database_there_is_no_trendline(work: MemoryWork) -> None:
    work.is_down = True

    with pytest.raises(StorageUnavailable):
        await GetTrendline(work)(TrendQuery(IDA))
