"""How much a client may send."""

import pytest

from tests.fakes.entries import ANA
from tests.integration.http.conftest import Serve
from tests.integration.http.gateway import ANA_PATH
from tests.integration.http.wire import Heard, Peer, request
from tests.length import times

both_ways = pytest.mark.parametrize("lane", ["on", "off"])
CHUNKED = "Transfer-Encoding: chunked"


async def refused(peer: Peer, data: bytes) -> Heard:
    """Send, and return the one answer before the server closes."""
    peer.writer.write(data)
    answer = await peer.answer()
    assert answer.closes
    assert await peer.is_closed()
    return answer


@both_ways
@pytest.mark.parametrize(
    ("data", "status", "code"),
    [
        (request(ANA_PATH + "?" + "q" * 8200), 414, b"uri_too_long"),
        (request(ANA_PATH, *["X-Many: v"] * 99), 431, b"headers_too_large"),
        (request(ANA_PATH, "X-Large: " + "v" * 32_800), 431, b"headers_too_large"),
        (request(ANA_PATH, *["X-Large: " + "v" * 8192] * 5), 431, b"headers_too_large"),
        (b"GET /" + b"u" * 500_000, 414, b"uri_too_long"),
        (b"GET / HTTP/1.1\r\nX-Endless: " + b"v" * 500_000, 431, b"headers_too_large"),
        (b"GET / HTTP/1.1\r\n" + b"n" * 500_000, 431, b"headers_too_large"),
        (b"GET / HTTP/1.1\r\n" + b"a: b\r\n" * 100_000, 431, b"headers_too_large"),
        (b"GET / HTTP/1.1\r\n\r\n", 400, b"invalid_request"),
        (request(ANA_PATH, "Host: other.test"), 400, b"invalid_request"),
        (request(ANA_PATH, "Host: gateway.test"), 400, b"invalid_request"),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400, b"invalid_request"),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505, b"version_not_supported"),
    ],
)
async def test_a_request_beyond_the_bounds_is_refused(
    serve: Serve, lane: str, data: bytes, status: int, code: bytes
) -> None:
    listener = await serve(FAST_LANE=lane)
    await listener.gateway.remember(ANA)

    answer = await refused(await listener.connect(), data)

    assert answer.status == status
    assert b'"code":"%b"' % code in answer.body
    assert answer.field(b"content-type") == b"application/problem+json"


@both_ways
async def test_a_request_at_the_bounds_is_answered(serve: Serve, lane: str) -> None:
    listener = await serve(FAST_LANE=lane)
    await listener.gateway.remember(ANA)
    peer = await listener.connect()
    target = ANA_PATH + "?"
    target += "q" * (8192 - len(target))

    assert (await peer.ask(request(target))).status == 200
    assert (await peer.ask(request(ANA_PATH, *["X-Many: v"] * 98))).status == 200
    assert (await peer.ask(request(ANA_PATH, "X-Large: " + "v" * 32_000))).status == 200


async def test_answers_before_a_request_that_is_refused_are_given_first(serve: Serve) -> None:
    listener = await serve()
    listener.gateway.simulator.control(latency=0.05)
    peer = await listener.connect()

    await peer.send(request() + b"garbage\r\n\r\n")

    assert (await peer.answer()).status == 200
    assert (await peer.answer()).status == 400
    assert await peer.is_closed()


async def test_what_follows_a_refused_request_is_not_answered(serve: Serve) -> None:
    listener = await serve()
    await listener.gateway.remember(ANA)

    answer = await refused(await listener.connect(), b"garbage\r\n\r\n" + request() * 3)

    assert answer.status == 400


@pytest.mark.parametrize("length", ["65537", "99999999", "0" * 5000 + "65537"])
async def test_a_body_that_is_announced_too_large_is_a_413(serve: Serve, length: str) -> None:
    listener = await serve()
    peer = await listener.connect()

    answer = await refused(peer, request("/api/", f"Content-Length: {length}", method="POST"))

    assert answer.status == 413
    assert b'"code":"payload_too_large"' in answer.body


async def test_a_length_with_many_leading_zeros_is_a_number(serve: Serve) -> None:
    listener = await serve()
    peer = await listener.connect()
    zeros = f"Content-Length: {'0' * 5000}5"

    answer = await peer.ask(request("/api/", zeros, method="POST", body="12345"))

    assert answer.status == 405


@both_ways
@pytest.mark.parametrize(
    "endless",
    [
        "ffffffff\r\n" + "b" * 2_000_000,
        "1;" + "extension" * 200_000,
        "0\r\nX-Trailer: " + "v" * 2_000_000,
        "0\r\n" + "X-Trailer: v\r\n" * 150_000,
        "5\r\n12345\r\n" * 150_000,
    ],
)
async def test_a_body_without_an_end_is_not_read_for_ever(
    serve: Serve, lane: str, endless: str
) -> None:
    listener = await serve(FAST_LANE=lane)
    peer = await listener.connect()

    peer.writer.write(request("/api/", CHUNKED, method="POST", body=endless))

    assert (await peer.answer()).status == 405
    assert await peer.is_closed()


@pytest.mark.parametrize(
    "endless",
    ["ffffffff\r\n" + "b" * 2_000_000, "0\r\n" + "X-Trailer: v\r\n" * 150_000],
)
async def test_a_body_without_an_end_waits_while_the_source_is_slow(
    serve: Serve, endless: str
) -> None:
    listener = await serve()
    listener.gateway.simulator.control(latency=0.1)
    peer = await listener.connect()

    peer.writer.write(request(ANA_PATH, CHUNKED, body=endless))

    assert (await peer.answer()).status == 200
    assert await peer.is_closed()


async def test_a_body_within_bounds_is_passed_over(serve: Serve) -> None:
    listener = await serve()
    peer = await listener.connect()
    post = request("/api/", "Content-Length: 65536", method="POST", body="b" * 65_536)

    for _ in range(3):
        assert (await peer.ask(post)).status == 405
    assert (await peer.ask(request("/health/live"))).status == 200


@pytest.mark.parametrize(
    "trailer", ["X-API-Key: x", "Host: other.test", "X-Request-ID: trailing", "X-Forwarded-For: a"]
)
async def test_trailers_are_no_headers(serve: Serve, trailer: str) -> None:
    listener = await serve()
    peer = await listener.connect()
    body = f"5\r\n12345\r\n0\r\n{trailer}\r\n\r\n"

    answer = await peer.ask(request("/metrics", CHUNKED, "X-Request-ID: mine", body=body))

    assert answer.status == 200
    assert answer.field(b"x-request-id") == b"mine"


async def test_one_connection_too_many_is_a_503(serve: Serve) -> None:
    listener = await serve(API_CONNECTIONS_MAX="2")
    first, second, third = [await listener.connect() for _ in range(3)]

    answer = await third.answer()

    assert answer.status == 503
    assert b'"code":"overloaded"' in answer.body
    assert answer.field(b"retry-after") == b"1"
    assert await third.is_closed()
    assert (await first.ask(request("/health/live"))).status == 200
    assert (await second.ask(request("/health/live"))).status == 200


async def test_a_place_that_becomes_free_is_given_away_again(serve: Serve) -> None:
    listener = await serve(API_CONNECTIONS_MAX="1")
    first = await listener.connect()
    await first.ask(request("/health/live"))

    first.vanish()
    await listener.until_left()

    assert (await (await listener.connect()).ask(request("/health/live"))).status == 200


async def test_a_flood_of_pipelined_requests_takes_little_memory(serve: Serve) -> None:
    listener = await serve()
    listener.gateway.simulator.control(latency=0.2)
    peer = await listener.connect()
    await peer.send(request())
    await listener.until(lambda: listener.gateway.simulator.stats.in_flight == 1)
    count = times(short=10_000, long=20_000)

    with listener.memory() as grown:
        peer.writer.write(b"GET / HTTP/1.1\r\nHost:a\r\n\r\n" * count)
        await listener.until_still(peer.writer.transport.get_write_buffer_size)

    assert grown() < 200 * count
    assert (await peer.answer()).status == 200
    for _ in range(count):
        assert (await peer.answer()).status == 307
