"""The source misbehaves, as our simulator can."""

import httpx
import pytest

from plg.adapters.upstream.codings import BODY_BYTES_MAX
from plg.adapters.upstream.players import HttpPlayerSource
from plg.adapters.upstream.retries import Retries
from plg.application.ports.records.source import Fetched
from plg.domain.errors import SourceBroken, SourceFailed, SourceFault, SourceTimeout
from plg.entrypoints.simulator.app import Simulator
from plg.entrypoints.simulator.faults import GarbageKind
from tests.fakes.entries import ANA
from tests.integration.upstream.sources import FixedSource, source_over

FAULTS = {
    GarbageKind.INVALID_JSON: SourceFault.JSON,
    GarbageKind.INVALID_UTF8: SourceFault.JSON,
    GarbageKind.DEEP_NESTING: SourceFault.JSON,
    GarbageKind.WRONG_SHAPE: SourceFault.SHAPE,
    GarbageKind.WRONG_CONTENT_TYPE: SourceFault.CONTENT,
    GarbageKind.OVERSIZE: SourceFault.SIZE,
}


@pytest.mark.parametrize("kind", GarbageKind)
async def test_each_kind_of_garbage_is_told_apart(
    source: HttpPlayerSource, simulator: Simulator, kind: GarbageKind
) -> None:
    simulator.control(garbage_ratio=1, garbage_kind=kind)
    with pytest.raises(SourceBroken) as caught:
        await source.fetch(ANA)

    assert caught.value.fault is FAULTS[kind]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_redirects_are_not_followed(
    source: HttpPlayerSource, simulator: Simulator, status: int
) -> None:
    simulator.control(error_ratio=1, error_status=status)
    with pytest.raises(SourceFailed) as caught:
        await source.fetch(ANA)

    assert caught.value.status == status


@pytest.mark.parametrize("status", [500, 502, 503, 504])
async def test_an_error_of_the_source_is_a_failure(
    source: HttpPlayerSource, simulator: Simulator, status: int
) -> None:
    simulator.control(error_ratio=1, error_status=status)
    with pytest.raises(SourceFailed) as caught:
        await source.fetch(ANA)

    assert (caught.value.status, caught.value.is_outage) == (status, True)


async def test_a_rate_limit_says_when_to_come_back(
    source: HttpPlayerSource, simulator: Simulator
) -> None:
    simulator.control(rate_limit_ratio=1, retry_after=7)
    with pytest.raises(SourceFailed) as caught:
        await source.fetch(ANA)

    assert (caught.value.status, caught.value.retry_after) == (429, 7)


async def test_a_source_that_hangs_up_is_a_failure(
    source: HttpPlayerSource, simulator: Simulator
) -> None:
    simulator.control(disconnect_ratio=1)
    with pytest.raises(SourceFailed, match="HungUp"):
        await source.fetch(ANA)


async def test_a_silent_source_is_a_timeout(simulator: Simulator) -> None:
    simulator.control(timeout_ratio=1)
    source = source_over(httpx.ASGITransport(app=simulator), attempt_seconds=0.02)

    with pytest.raises(SourceTimeout):
        await source.fetch(ANA)


async def test_a_failure_that_passes_is_tried_again(simulator: Simulator) -> None:
    async def recover(_: float) -> None:
        simulator.control(error_ratio=0)

    simulator.control(error_ratio=1, error_status=503)
    source = source_over(httpx.ASGITransport(app=simulator), retries=Retries(1, sleep=recover))

    assert isinstance(await source.fetch(ANA), Fetched)


async def test_a_body_at_the_bound_is_read() -> None:
    record = b'{"killer_bi_id":"KB-000001","x":""}'
    filler = b"x" * (BODY_BYTES_MAX - len(record))
    answer = await source_over(FixedSource(record[:-2] + filler + record[-2:])).fetch(ANA)

    assert isinstance(answer, Fetched)


async def test_a_byte_past_the_bound_is_not() -> None:
    with pytest.raises(SourceBroken) as caught:
        await source_over(FixedSource(b" " * (BODY_BYTES_MAX + 1))).fetch(ANA)

    assert caught.value.fault is SourceFault.SIZE


class Broken(httpx.AsyncBaseTransport):
    """Fails with one of httpx's own errors."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    async def handle_async_request(self, _request: httpx.Request) -> httpx.Response:
        raise self.error


@pytest.mark.parametrize("error", [httpx.ReadTimeout("slow"), httpx.PoolTimeout("full")])
async def test_timeouts_of_the_pool_are_timeouts(error: Exception) -> None:
    with pytest.raises(SourceTimeout):
        await source_over(Broken(error)).fetch(ANA)


@pytest.mark.parametrize("error", [httpx.ConnectError("refused"), httpx.ConnectTimeout("slow")])
async def test_a_connection_that_cannot_be_made_is_a_failure(error: Exception) -> None:
    with pytest.raises(SourceFailed) as caught:
        await source_over(Broken(error)).fetch(ANA)

    assert caught.value.status is None
