"""Requests by the letter of RFC 9112: what is refused, and what is read though it is rare."""

import shutil
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack
from pathlib import Path

import msgspec
import pytest
import pytest_asyncio

from tests.fakes.entries import ANA
from tests.integration.http.gateway import ANA_PATH, KEY, open_gateway
from tests.integration.http.listening import Listener, listen
from tests.integration.http.wire import Heard

Ways = Mapping[str, Listener]

pytestmark = pytest.mark.asyncio(loop_scope="module")
both_ways = pytest.mark.parametrize("lane", ["on", "off"])


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def ways(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Ways]:
    """Return two gateways, with the fast lane and without, that have a record in memory."""
    listeners = {}
    async with AsyncExitStack() as stack:
        for lane in ("on", "off"):
            folder = tmp_path_factory.mktemp("heads") / "data"
            shutil.copytree(migrated, folder)
            gateway = await stack.enter_async_context(open_gateway(folder, FAST_LANE=lane))
            await gateway.remember(ANA)
            listeners[lane] = await stack.enter_async_context(listen(gateway))
        yield listeners


def head(
    *fields: str,
    target: str = ANA_PATH,
    method: str = "GET",
    version: str = "HTTP/1.1",
    host: str | None = "gateway.test",
    body: str = "",
) -> bytes:
    """Return a request of which every part may be odd."""
    lines = [f"{method} {target} {version}"]
    if host is not None:
        lines.append(f"Host: {host}")
    lines += [f"X-API-Key: {KEY}", *fields, "", ""]
    return ("\r\n".join(lines) + body).encode("latin-1")


async def answered(listener: Listener, data: bytes) -> Heard:
    return await (await listener.connect()).ask(data)


async def refused(listener: Listener, data: bytes) -> tuple[int, str]:
    """Return status and code of a problem, after which the connection must be closed."""
    peer = await listener.connect()
    answer = await peer.ask(data)
    assert answer.closes
    assert await peer.is_closed()
    assert answer.field(b"content-type") == b"application/problem+json"
    assert answer.field(b"x-content-type-options") == b"nosniff"
    assert answer.field(b"cache-control") == b"no-store"
    told = msgspec.json.decode(answer.body)
    assert told["status"] == answer.status
    assert answer.field(b"x-request-id") == told["request_id"].encode()
    return answer.status, told["code"]


@both_ways
@pytest.mark.parametrize(
    "host",
    [
        "a b", "a/b", "user@gateway.test", "user:word@gateway.test", "gateway.test:http",
        "gateway.test:65536", "gateway.test:80:80", "[::1", "::1", "[::g]", "[fe80::1%25eth0]",
        "gateway.test, gateway.test", "g\xe4teway.test", "gateway.test?", ":80",
    ],
)  # fmt: skip
async def test_a_host_that_is_none_is_a_400(ways: Ways, lane: str, host: str) -> None:
    listener = ways[lane]

    assert await refused(listener, head(host=host)) == (400, "invalid_request")
    assert await refused(listener, head(host=host, version="HTTP/1.0")) == (400, "invalid_request")


@both_ways
@pytest.mark.parametrize("host", ["", "[::1]:9600", "gateway.test:", "GATEWAY.test:080", "a_b "])
async def test_a_host_that_is_one_is_answered(ways: Ways, lane: str, host: str) -> None:
    assert (await answered(ways[lane], head(host=host))).status == 200


async def test_a_host_is_looked_at_anew_in_every_request_of_a_connection(ways: Ways) -> None:
    listener = ways["on"]
    peer = await listener.connect()

    assert (await peer.ask(head())).status == 200
    assert (await peer.ask(head(host="gateway.test/"))).status == 400
    assert await peer.is_closed()


@both_ways
@pytest.mark.parametrize(
    ("codings", "status", "code"),
    [
        ("gzip", 400, "invalid_request"),
        ("identity", 400, "invalid_request"),
        ("xchunked", 400, "invalid_request"),
        ("chunked, gzip", 400, "invalid_request"),
        ("chunked, chunked", 400, "invalid_request"),
        ("chunked;q=1", 400, "invalid_request"),
        ('"chunked"', 400, "invalid_request"),
        ('foo;a="b, chunked"', 400, "invalid_request"),
        ("", 400, "invalid_request"),
        ("gzip, chunked", 501, "not_implemented"),
        ("foo, chunked", 501, "not_implemented"),
        ('foo;a="b, c", Chunked', 501, "not_implemented"),
        ("gzip\r\nTransfer-Encoding: chunked", 501, "not_implemented"),
        ("chunked\r\nTransfer-Encoding: gzip", 400, "invalid_request"),
    ],
)
async def test_a_transfer_coding_that_is_not_chunked_alone_is_refused(
    ways: Ways, lane: str, codings: str, status: int, code: str
) -> None:
    listener = ways[lane]
    field = f"Transfer-Encoding: {codings}"

    assert await refused(listener, head(field, body="0\r\n\r\n")) == (status, code)
    assert await refused(listener, head(field, method="POST", target="/api/")) == (status, code)


@both_ways
@pytest.mark.parametrize("coding", ["chunked", "CHUNKED", " , chunked"])
async def test_a_body_in_chunks_is_read(ways: Ways, lane: str, coding: str) -> None:
    listener = ways[lane]
    data = head(f"Transfer-Encoding: {coding}", body="5\r\n12345\r\n0\r\n\r\n")

    peer = await listener.connect()

    assert [(await peer.ask(data)).status for _ in range(2)] == [200, 200]


async def test_chunks_in_http_1_0_are_refused(ways: Ways) -> None:
    listener = ways["on"]
    data = head("Transfer-Encoding: chunked", version="HTTP/1.0", body="0\r\n\r\n")

    assert await refused(listener, data) == (400, "invalid_request")


@both_ways
@pytest.mark.parametrize(
    "version", ["HTTP/2.0", "HTTP/3.0", "HTTP/9.9", "HTTP/0.9", "HTTP/0.0", "HTTP/5.1"]
)
async def test_another_version_of_http_is_a_505(ways: Ways, lane: str, version: str) -> None:
    listener = ways[lane]

    assert await refused(listener, head(version=version)) == (505, "version_not_supported")


async def test_a_client_that_begins_with_http_2_is_told_so(ways: Ways) -> None:
    listener = ways["on"]
    preface = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x00\x04\x00\x00\x00\x00\x00"

    assert await refused(listener, preface) == (505, "version_not_supported")


@both_ways
@pytest.mark.parametrize("version", ["HTTP/1.1", "HTTP/1.2", "HTTP/1.9"])
async def test_a_later_http_1_is_answered_as_http_1_1(ways: Ways, lane: str, version: str) -> None:
    peer = await ways[lane].connect()

    for _ in range(2):
        answer = await peer.ask(head(version=version))
        assert (answer.status, answer.closes) == (200, False)


@both_ways
@pytest.mark.parametrize("version", ["HTTP/1", "HTTP/1.10", "http/1.1", "HTTP/1,1", "HTTPS/1.1"])
async def test_what_is_no_version_is_a_400(ways: Ways, lane: str, version: str) -> None:
    listener = ways[lane]

    assert await refused(listener, head(version=version)) == (400, "invalid_request")


@both_ways
@pytest.mark.parametrize(
    "target",
    [
        f"{ANA_PATH}#part", f"{ANA_PATH}?a=b#", "/#", "http://gateway.test/#part",
        "*", "http://user@gateway.test/", "http://gateway.test:99999/", "http://[::1/",
        "http:///api/", "ftp://gateway.test/", "https://:80/", "*/x",
    ],
)  # fmt: skip
async def test_a_target_that_no_request_can_have_is_a_400(
    ways: Ways, lane: str, target: str
) -> None:
    listener = ways[lane]

    assert await refused(listener, head(target=target)) == (400, "invalid_request")


@both_ways
@pytest.mark.parametrize(
    ("target", "status"),
    [
        (f"http://gateway.test{ANA_PATH}", 200),
        (f"HTTPS://OTHER.test:{ANA_PATH}?x=y", 200),
        (f"http://[::1]:9600{ANA_PATH}/", 200),
        ("http://gateway.test", 307),
        ("http://gateway.test/", 307),
        ("http://gateway.test?killer_bi_id=KB-000001", 307),
        ("/?killer_bi_id=KB-000001", 307),
        ("http://gateway.test//api/", 404),
    ],
)
async def test_an_absolute_target_is_the_path_in_it(
    ways: Ways, lane: str, target: str, status: int
) -> None:
    assert (await answered(ways[lane], head(target=target))).status == status


@both_ways
@pytest.mark.parametrize("length", [8193, 20_000, 60_000, 500_000])
async def test_a_target_over_the_bound_is_a_414(ways: Ways, lane: str, length: int) -> None:
    listener = ways[lane]

    assert await refused(listener, head(target="/" + "u" * (length - 1))) == (414, "uri_too_long")


async def test_options_of_the_server_itself_name_its_methods(ways: Ways) -> None:
    peer = await ways["on"].connect()

    for data in (b"OPTIONS * HTTP/1.1\r\nHost: gateway.test\r\n\r\n", head(method="OPTIONS")):
        answer = await peer.ask(data)
        assert answer.field(b"allow") is not None
    answer = await peer.ask(head(method="OPTIONS", target="*"))

    assert answer.status == 204
    assert answer.field(b"allow") == b"GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"
    assert answer.field(b"content-length") is None
    assert answer.field(b"x-request-id")
    assert not answer.closes


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE", "TRACE"])
async def test_only_options_may_ask_the_server_itself(ways: Ways, method: str) -> None:
    peer = await ways["on"].connect()

    answer = await peer.ask(head(method=method, target="*"))

    assert (answer.status, answer.closes) == (400, True)


@pytest.mark.parametrize("target", ["gateway.test:80", ANA_PATH, "[::1]:443"])
async def test_there_is_no_tunnel(ways: Ways, target: str) -> None:
    listener = ways["on"]

    assert await refused(listener, head(method="CONNECT", target=target)) == (
        501,
        "not_implemented",
    )


async def test_a_refused_head_keeps_the_clients_request_id(ways: Ways) -> None:
    peer = await ways["on"].connect()

    answer = await peer.ask(head("X-Request-ID: mine-1", host="a b"))

    assert answer.field(b"x-request-id") == b"mine-1"
    assert b'"request_id":"mine-1"' in answer.body


async def test_a_refused_head_of_head_gets_no_body(ways: Ways) -> None:
    peer = await ways["on"].connect()

    await peer.send(head(method="HEAD", host="a b"))
    raw = await peer.rest()

    assert raw.startswith(b"HTTP/1.1 400 ")
    assert raw.endswith(b"\r\n\r\n")


LOGIN = "/api/v1/auth/login"
JSON_BODY = ("Content-Type: application/json", "Content-Length: 2")


@pytest.mark.parametrize("value", ["100-continue", "100-Continue \t", "foo, 100-continue"])
async def test_a_client_that_waits_before_its_body_is_told_to_go_on(ways: Ways, value: str) -> None:
    peer = await ways["on"].connect()

    await peer.send(head(*JSON_BODY, f"Expect: {value}", method="POST", target=LOGIN))

    assert await peer.read(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
    assert (await peer.ask(b"{}")).status == 400


@pytest.mark.parametrize(("version", "value"), [("HTTP/1.0", "100-continue"), ("HTTP/1.1", "x")])
async def test_http_1_0_knows_no_continue(ways: Ways, version: str, value: str) -> None:
    peer = await ways["on"].connect()
    fields = (*JSON_BODY, f"Expect: {value}")

    answer = await peer.ask(head(*fields, method="POST", target=LOGIN, version=version, body="{}"))

    assert answer.status == 400  # the answer itself, and nothing before it


@both_ways
@pytest.mark.parametrize(
    "fields",
    [
        ("Content-Length: 5, 5",), ("Content-Length: +5",), ("Content-Length: -1",),
        ("Content-Length: 0x5",), ("Content-Length: 5 5",), ("Content-Length: abc",),
        ("Content-Length:",), ("Content-Length: 99999999999999999999999",),
        ("Content-Length: 5", "Content-Length: 5"), ("Content-Length: 5", "Content-Length: 6"),
        ("Content-Length: 5", "Transfer-Encoding: chunked"),
        ("Transfer-Encoding: chunked", "Content-Length: 5"),
        ("Host: gateway.test",), ("X-Folded: a\r\n b",), (" X-Early: a",), ("X-Blank : a",),
        (": no name",), ("no colon",), ("X-Nul: a\0b",), ("X-Return: a\rb",),
        ("X-Bare: a\nX-B: c",),
    ],
)  # fmt: skip
async def test_a_head_that_two_readers_could_read_differently_is_a_400(
    ways: Ways, lane: str, fields: tuple[str, ...]
) -> None:
    listener = ways[lane]

    assert await refused(listener, head(*fields, body="12345")) == (400, "invalid_request")


@both_ways
async def test_http_1_1_without_host_is_a_400_and_http_1_0_is_not(ways: Ways, lane: str) -> None:
    listener = ways[lane]

    assert await refused(listener, head(host=None)) == (400, "invalid_request")
    assert await refused(listener, head(host=None, version="HTTP/1.2")) == (400, "invalid_request")
    assert (await answered(listener, head(host=None, version="HTTP/1.0"))).status == 200


@both_ways
@pytest.mark.parametrize("key", ["%zz", "%", "a%4", "%%41", "50%25%"])
async def test_a_percent_sign_that_begins_no_octet_is_told_so(
    ways: Ways, lane: str, key: str
) -> None:
    answer = await answered(ways[lane], head(target=f"/api/v1/players/{key}"))

    told = msgspec.json.decode(answer.body)
    assert (answer.status, told["code"]) == (400, "invalid_parameter")
    assert "%25" in told["detail"]
