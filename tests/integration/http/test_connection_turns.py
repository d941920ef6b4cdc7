"""Who answers, and in which order, on one connection."""

import asyncio
import re

import pytest

from plg.domain.records.players import KillerBiId
from tests.fakes.entries import ANA, BEN
from tests.integration.http.conftest import Serve
from tests.integration.http.gateway import ANA_PATH
from tests.integration.http.listening import DATE
from tests.integration.http.scripted_transport import ScriptedTransport
from tests.integration.http.wire import request

BEN_PATH = "/api/v1/players/KB-000002"
MISS_PATH = "/api/v1/players/KB-000003"
both_ways = pytest.mark.parametrize("lane", ["on", "off"])


@both_ways
async def test_a_hit_is_answered(serve: Serve, lane: str) -> None:
    listener = await serve(FAST_LANE=lane)
    await listener.gateway.remember(ANA)
    peer = await listener.connect()

    answer = await peer.ask(request())

    assert answer.status == 200
    assert answer.field(b"cache-status") == b"plg; hit; ttl=100"
    assert answer.field(b"date") == DATE
    assert answer.field(b"connection") is None


@both_ways
async def test_a_head_request_is_answered_without_a_body(serve: Serve, lane: str) -> None:
    listener = await serve(FAST_LANE=lane)
    entry = await listener.gateway.remember(ANA)
    peer = await listener.connect()

    await peer.send(request(method="HEAD") + request("/health/live"))

    raw = await peer.read(2**16)
    assert b"content-length: %d\r\n" % len(entry.body) in raw
    assert entry.body not in raw


@both_ways
async def test_answers_keep_the_order_of_requests_whatever_they_need(
    serve: Serve, lane: str
) -> None:
    listener = await serve(FAST_LANE=lane)
    listener.gateway.simulator.control(latency=0.05)
    await listener.gateway.remember(ANA, BEN)
    peer = await listener.connect()
    paths = [ANA_PATH, MISS_PATH, BEN_PATH, "/health/live", ANA_PATH, MISS_PATH, "/nowhere"] * 2

    await peer.send(b"".join(request(path, f"X-Request-ID: n{n}") for n, path in enumerate(paths)))
    answers = [await peer.answer() for _ in paths]

    assert [answer.field(b"x-request-id") for answer in answers] == [
        b"n%d" % n for n in range(len(paths))
    ]


async def test_the_lane_takes_over_again_after_an_ordinary_answer(serve: Serve) -> None:
    listener = await serve()
    await listener.gateway.remember(ANA)
    peer = await listener.connect()

    assert (await peer.ask(request(MISS_PATH))).status == 200
    assert (await peer.ask(request())).status == 200
    assert (await peer.ask(request(ANA_PATH, "Cache-Control: no-cache"))).status == 200
    assert (await peer.ask(request())).field(b"cache-status") == b"plg; hit; ttl=100"


@both_ways
async def test_many_pipelined_requests_may_end_in_the_middle_of_one(
    serve: Serve, lane: str
) -> None:
    listener = await serve(FAST_LANE=lane)
    peer = await listener.connect()
    count = 1200
    last = request("/health/live", "X-Request-ID: last")

    await peer.send(request("/nowhere") * count + last[:20])
    answers = [await peer.answer() for _ in range(count)]
    await peer.send(last[20:])

    assert {answer.status for answer in answers} == {404}
    assert (await peer.answer()).field(b"x-request-id") == b"last"


@both_ways
async def test_a_client_that_does_not_read_gets_no_more_answers_made_than_a_few(
    serve: Serve, lane: str
) -> None:
    listener = await serve(FAST_LANE=lane)
    await listener.gateway.remember(ANA, body_bytes=400_000)
    peer = await listener.connect()
    count = 150

    peer.writer.write(request() * count)
    await listener.until(lambda: listener.answered() > 0)
    await listener.until_still(listener.answered)
    made_unread = listener.answered()
    answers = [await peer.answer() for _ in range(count)]

    assert made_unread < 75
    assert {len(answer.body) for answer in answers} == {400_000}
    assert listener.answered() == count


@both_ways
async def test_a_slow_reader_of_mixed_answers_gets_all_of_them_in_order(
    serve: Serve, lane: str
) -> None:
    listener = await serve(FAST_LANE=lane)
    await listener.gateway.remember(ANA, body_bytes=300_000)
    peer = await listener.connect()
    count = 60
    pieces = [
        request(ANA_PATH if n % 3 else f"/api/v1/players/KB-{n:06}", f"X-Request-ID: n{n}")
        for n in range(3, count + 3)
    ]

    peer.writer.write(b"".join(pieces))
    await listener.until(lambda: listener.answered() > 0)
    await listener.until_still(listener.answered)
    answers = [await peer.answer() for _ in range(count)]

    assert [answer.field(b"x-request-id") for answer in answers] == [
        b"n%d" % n for n in range(3, count + 3)
    ]


@both_ways
async def test_what_arrives_while_other_requests_are_held_back_does_not_overtake_them(
    serve: Serve, lane: str
) -> None:
    listener = await serve(FAST_LANE=lane)
    await listener.gateway.remember(ANA, body_bytes=70_000)
    connection = listener.accept()
    transport = ScriptedTransport(connection.pause_writing)
    connection.connection_made(transport)
    data = b"".join(request(ANA_PATH, f"X-Request-ID: n{n}", "Range: x") for n in range(200))
    arrived = 10_000

    connection.data_received(data[:arrived])
    for _ in range(2000):
        await asyncio.sleep(0)
        if transport.is_read and arrived < len(data):
            connection.data_received(data[arrived : arrived + 500])
            arrived += 500
        connection.resume_writing()
    connection.connection_lost(None)

    order = re.findall(rb"x-request-id: n(\d+)", b"".join(transport.written))
    assert order == [b"%d" % n for n in range(200)]


async def test_a_client_that_is_gone_does_not_keep_answers_from_others(serve: Serve) -> None:
    listener = await serve()
    await listener.gateway.remember(ANA)
    gone, stays = ScriptedTransport(), ScriptedTransport()
    connections = [listener.accept(), listener.accept()]
    for connection, transport in zip(connections, (gone, stays), strict=True):
        connection.connection_made(transport)
        connection.data_received(request())
    gone.is_gone = True  # after its request was read, before its answer is sent

    await listener.until(lambda: bool(stays.written))
    sent = [*stays.written]
    for connection in connections:
        connection.connection_lost(None)

    assert not gone.written
    assert sent[0].startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize("size", [1, 7, 60])
async def test_a_request_in_pieces_is_answered_like_a_whole_one(serve: Serve, size: int) -> None:
    listener = await serve()
    await listener.gateway.remember(ANA)
    peer = await listener.connect()
    whole = await peer.ask(request(ANA_PATH, "X-Request-ID: same"))
    data = request(ANA_PATH, "X-Request-ID: same")

    for start in range(0, len(data), size):
        await peer.send(data[start : start + size])
        await asyncio.sleep(0.002)

    assert await peer.answer() == whole


async def test_connections_do_not_see_each_others_answers(serve: Serve) -> None:
    listener = await serve()
    keys = [KillerBiId(f"KB-{n:06}") for n in range(20)]
    await listener.gateway.remember(*keys)
    peers = [await listener.connect() for _ in keys]

    for peer, key in zip(peers, keys, strict=True):
        peer.writer.write(request(f"/api/v1/players/{key.value}") * 5)

    for peer, key in zip(peers, keys, strict=True):
        for _ in range(5):
            assert re.match(
                rb'{"killer_bi_id":"%b"' % key.value.encode(), (await peer.answer()).body
            )


async def test_the_log_and_the_figures_are_the_same_on_both_ways(serve: Serve) -> None:
    listener = await serve()
    await listener.gateway.remember(ANA)
    peer = await listener.connect()

    await peer.ask(request())
    await peer.ask(request(ANA_PATH, "Cache-Control: max-stale"))

    assert (
        'plg_http_requests_total{outcome="hit",route="/api/v1/players/{killer_bi_id}",status="200"}'
        " 2.0" in await listener.gateway.metrics()
    )


async def test_a_pipelined_request_does_not_inherit_the_trace_of_the_one_before_it(
    serve: Serve,
) -> None:
    listener = await serve()
    trace = "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    peer = await listener.connect()

    await peer.send(request(ANA_PATH, trace) + request(BEN_PATH))
    await peer.answer()
    await peer.answer()

    assert "traceparent" not in listener.gateway.source.headers
