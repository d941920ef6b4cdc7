"""How connections end."""

import asyncio

import pytest

from tests.fakes.entries import ANA
from tests.integration.http.conftest import Serve
from tests.integration.http.gateway import ANA_PATH
from tests.integration.http.wire import request

both_ways = pytest.mark.parametrize("lane", ["on", "off"])


@both_ways
@pytest.mark.parametrize("latency", [0.0, 0.05])
async def test_a_client_that_has_said_all_still_gets_its_answers(
    serve: Serve, lane: str, latency: float
) -> None:
    listener = await serve(FAST_LANE=lane)
    listener.gateway.simulator.control(latency=latency)
    peer = await listener.connect()

    peer.writer.write(request() + request("/health/live") + request())
    peer.half_close()

    for _ in range(3):
        assert (await peer.answer()).status == 200
    assert await peer.is_closed()


@both_ways
async def test_a_hit_for_a_client_that_has_said_all_is_sent(serve: Serve, lane: str) -> None:
    listener = await serve(FAST_LANE=lane)
    await listener.gateway.remember(ANA)
    peer = await listener.connect()

    peer.writer.write(request())
    peer.half_close()

    assert (await peer.answer()).status == 200
    assert await peer.is_closed()


@both_ways
async def test_a_client_that_has_said_all_and_reads_late_gets_all(serve: Serve, lane: str) -> None:
    listener = await serve(FAST_LANE=lane)
    await listener.gateway.remember(ANA, body_bytes=400_000)
    peer = await listener.connect()

    peer.writer.write(request() * 40)
    peer.half_close()
    await listener.until(lambda: listener.answered() > 0)
    await listener.until_still(listener.answered)

    for _ in range(40):
        assert len((await peer.answer()).body) == 400_000
    assert await peer.is_closed()


async def test_half_a_request_and_no_more_is_closed_at_once(serve: Serve) -> None:
    listener = await serve()
    peer = await listener.connect()

    peer.writer.write(request()[:30])
    peer.half_close()

    assert await peer.is_closed()


@both_ways
async def test_connection_close_is_obeyed(serve: Serve, lane: str) -> None:
    listener = await serve(FAST_LANE=lane)
    await listener.gateway.remember(ANA)
    peer = await listener.connect()

    answer = await peer.ask(request(ANA_PATH, "Connection: close") + request())

    assert answer.status == 200
    assert answer.closes
    assert await peer.is_closed()


async def test_an_upgrade_is_not_taken(serve: Serve) -> None:
    listener = await serve()
    peer = await listener.connect()

    answer = await peer.ask(
        request(ANA_PATH, "Connection: Upgrade", "Upgrade: websocket") + b"\x81\x85 frames"
    )

    assert answer.status == 200
    assert await peer.is_closed()


@both_ways
@pytest.mark.parametrize("path", [ANA_PATH, "/api/v1/players/KB-000002"])
async def test_a_client_that_vanishes_harms_nobody(serve: Serve, lane: str, path: str) -> None:
    listener = await serve(FAST_LANE=lane)
    await listener.gateway.remember(ANA, body_bytes=100_000)
    listener.gateway.simulator.control(latency=0.02)
    stays = await listener.connect()

    for _ in range(30):
        goes = await listener.connect()
        goes.writer.write(request(path) * 5)
        stays.writer.write(request(path))
        await asyncio.sleep(0)
        goes.reset()
        assert (await stays.answer()).status == 200


async def test_a_miss_is_stored_though_its_client_has_vanished(serve: Serve) -> None:
    listener = await serve()
    listener.gateway.simulator.control(latency=0.05)
    goes, stays = await listener.connect(), await listener.connect()
    goes.writer.write(request())
    await listener.until(lambda: listener.gateway.simulator.stats.in_flight == 1)

    goes.reset()
    await listener.until(lambda: listener.gateway.container.player_memory().entry_count == 1)
    answer = await stays.ask(request())

    assert answer.field(b"cache-status") == b"plg; hit; ttl=100"
    assert listener.gateway.simulator.stats.calls == 1
