"""How long a client may take."""

import asyncio

import pytest

from plg.domain.records.players import KillerBiId
from tests.fakes.entries import ANA
from tests.integration.http.conftest import Serve
from tests.integration.http.wire import request

SOON = 0.15
both_ways = pytest.mark.parametrize("lane", ["on", "off"])


@both_ways
async def test_an_idle_connection_is_closed_without_a_word(serve: Serve, lane: str) -> None:
    listener = await serve(FAST_LANE=lane, keep_alive_seconds=SOON, request_seconds=2 * SOON)
    await listener.gateway.remember(ANA)
    peer = await listener.connect()

    assert (await peer.ask(request())).status == 200
    assert await peer.is_closed()


async def test_an_idle_connection_is_closed_after_an_ordinary_answer(serve: Serve) -> None:
    listener = await serve(keep_alive_seconds=SOON, request_seconds=2 * SOON)
    peer = await listener.connect()

    assert (await peer.ask(request("/nowhere"))).status == 404
    assert await peer.is_closed()


async def test_a_connection_on_which_nothing_comes_is_closed_without_a_word(serve: Serve) -> None:
    listener = await serve(request_seconds=SOON)

    assert await (await listener.connect()).is_closed()


@both_ways
async def test_a_head_that_does_not_end_is_a_408(serve: Serve, lane: str) -> None:
    listener = await serve(FAST_LANE=lane, request_seconds=SOON)
    peer = await listener.connect()

    answer = await peer.ask(request()[:-2])

    assert answer.status == 408
    assert b'"code":"request_timeout"' in answer.body
    assert answer.closes
    assert await peer.is_closed()


async def test_dripping_a_head_buys_no_time(serve: Serve) -> None:
    listener = await serve(request_seconds=SOON)
    peer = await listener.connect()
    answer = asyncio.create_task(peer.answer())

    for byte in b"GET / HTTP/1.1\r\nX-Slow: " + b"v" * 10_000:
        if answer.done():
            break
        peer.writer.write(bytes((byte,)))
        await asyncio.sleep(SOON / 10)

    assert (await answer).status == 408


async def test_a_head_after_answers_has_time_of_its_own(serve: Serve) -> None:
    listener = await serve(request_seconds=SOON, keep_alive_seconds=100)
    await listener.gateway.remember(ANA)
    peer = await listener.connect()
    await peer.ask(request())
    await asyncio.sleep(1.5 * SOON)

    assert (await peer.ask(request()[:-2])).status == 408


@both_ways
async def test_requests_that_always_arrive_in_halves_are_all_answered(
    serve: Serve, lane: str
) -> None:
    listener = await serve(FAST_LANE=lane, request_seconds=SOON)
    peer = await listener.connect()
    data = request("/nowhere")
    await peer.send(data[:20])

    for _ in range(12):
        await asyncio.sleep(SOON / 5)
        answer = await peer.ask(data[20:] + data[:20])
        assert answer.status == 404


async def test_a_body_that_does_not_come_gets_no_second_answer(serve: Serve) -> None:
    listener = await serve(request_seconds=SOON)
    peer = await listener.connect()

    answer = await peer.ask(request("/nowhere", "Content-Length: 10", method="POST", body="half"))

    assert answer.status == 404
    assert await peer.is_closed()


async def test_a_slow_source_is_no_slow_client(serve: Serve) -> None:
    listener = await serve(request_seconds=SOON, keep_alive_seconds=SOON)
    listener.gateway.simulator.control(latency=3 * SOON)
    peer = await listener.connect()

    assert (await peer.ask(request())).status == 200
    assert await peer.is_closed()


async def test_a_client_that_stops_reading_is_cut_off(serve: Serve) -> None:
    listener = await serve(write_stall_seconds=SOON)
    await listener.gateway.remember(ANA, body_bytes=1_000_000)
    peer = await listener.connect()

    peer.writer.write(request() * 50)

    await listener.until_left()


async def test_a_client_that_reads_slowly_but_reads_is_not_cut_off(serve: Serve) -> None:
    listener = await serve(write_stall_seconds=2 * SOON)
    await listener.gateway.remember(ANA, body_bytes=1_000_000)
    peer = await listener.connect()

    peer.writer.write(request() * 8)
    for _ in range(8):
        await asyncio.sleep(SOON / 2)
        assert len((await peer.answer()).body) == 1_000_000


@pytest.mark.parametrize("ending", ["Connection: keep-alive", "Connection: close"])
async def test_a_closing_connection_does_not_wait_for_ever_for_its_client_to_read(
    serve: Serve, ending: str
) -> None:
    listener = await serve(write_stall_seconds=SOON, keep_alive_seconds=SOON, request_seconds=SOON)
    sizes = range(50_000, 4_000_000, 50_000)  # of some, a little fits into no buffer but ours
    for first in range(0, len(sizes), 20):
        for size in sizes[first : first + 20]:
            await listener.gateway.remember(KillerBiId(f"{size}"), body_bytes=size)
            peer = await listener.connect()
            peer.writer.write(request(f"/api/v1/players/{size}", ending))

        await listener.until_left()
