"""Ways to reach a source: in process, by a fixed answer, over real connections."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress

import httpx

from plg.adapters.upstream.client import SourceClient, pooled_transport
from plg.adapters.upstream.players import HttpPlayerSource
from plg.adapters.upstream.retries import Retries
from plg.domain.records.declared.resources import HttpLookup
from plg.settings.resources.built_in import built_in_specs
from tests.fakes.clock import StoppedClock

Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def lookup_of(name: str) -> HttpLookup:
    lookup = built_in_specs()[name].lookup
    assert isinstance(lookup, HttpLookup)
    return lookup


def source_over(
    transport: httpx.AsyncBaseTransport,
    base_url: str = "http://source.test",
    *,
    headers: Mapping[str, str] | None = None,
    attempt_seconds: float = 5.0,
    retries: Retries | None = None,
) -> HttpPlayerSource:
    client = SourceClient(
        transport, base_url, headers=headers or {}, attempt_seconds=attempt_seconds
    )
    return HttpPlayerSource(client, retries or Retries(0), StoppedClock(), lookup_of("players"))


class FixedSource(httpx.AsyncBaseTransport):
    """Gives one answer to all requests, and keeps the requests."""

    def __init__(
        self, body: bytes = b"[]", status: int = 200, headers: Mapping[str, str] | None = None
    ) -> None:
        self.requests: list[httpx.Request] = []
        self._answer = (status, dict(headers or {}), body)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        status, headers, body = self._answer
        raw = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
        return httpx.Response(status, headers=raw, content=body)


class Confirming(httpx.AsyncBaseTransport):
    """Confirms whatever it is asked about with one entity tag, and keeps the requests."""

    def __init__(self, body: bytes, etag: str) -> None:
        self.requests: list[httpx.Request] = []
        self._body = body
        self._headers = {"ETag": etag}

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        if "if-none-match" in request.headers:
            return httpx.Response(304, headers=self._headers)
        return httpx.Response(200, headers=self._headers, content=self._body)


@asynccontextmanager
async def listening(
    handler: Handler, *, headers: Mapping[str, str] | None = None, attempt_seconds: float = 5.0
) -> AsyncIterator[HttpPlayerSource]:
    """Give a source that speaks to `handler` over the real pool; it closes its connections."""
    ended: list[asyncio.Event] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        ended.append(end := asyncio.Event())
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            await handler(reader, writer)
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()
        end.set()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    source = source_over(
        pooled_transport(4),
        f"http://127.0.0.1:{port}",
        headers=headers,
        attempt_seconds=attempt_seconds,
    )
    yield source
    await source.client.aclose()
    for end in ended:
        await end.wait()
    server.close()
    await server.wait_closed()


async def read_head(reader: asyncio.StreamReader) -> bytes:
    return await reader.readuntil(b"\r\n\r\n")


def response(body: bytes, *headers: bytes) -> bytes:
    lines = [b"HTTP/1.1 200 OK", b"Content-Length: %d" % len(body), *headers]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body
