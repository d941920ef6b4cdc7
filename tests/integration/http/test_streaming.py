"""Answers that are sent part by part."""

import asyncio
import sqlite3
from collections.abc import AsyncGenerator
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any, Final

import httpx
import pytest
from starlette.types import Message

from plg.domain.identity.access import Access, Caller
from plg.entrypoints.http.app import route_all
from plg.entrypoints.http.assembly import gate_of
from plg.entrypoints.http.endpoints import Endpoint, routes_of
from plg.entrypoints.http.protocol.answers import Answer, json_answer
from plg.entrypoints.http.protocol.context import RequestContext
from plg.entrypoints.http.streaming import Streaming, streamed
from tests.integration.http.conftest import Serve
from tests.integration.http.gateway import KEY, Gateway
from tests.integration.http.keyholders import Holder, ask, holder_in
from tests.integration.http.listening import Listener
from tests.integration.http.wire import HEAD_END

PATH: Final = "/numbers"


@dataclass(slots=True)
class Numbers:
    """A route that sends numbers without end, or those that it has."""

    gateway: Gateway
    last: int | None = None
    fails: bool = False
    made: int = 0
    sent: list[Message] = field(default_factory=list)
    gone: asyncio.Event = field(default_factory=asyncio.Event)

    async def numbers(self) -> AsyncGenerator[bytes]:
        while self.last is None or self.made < self.last:
            self.made += 1
            yield b"%d\n" % self.made
            if self.fails:
                raise OSError("the disk is gone")

    async def handle(self, _query: object, _caller: Caller, _context: RequestContext) -> Answer:
        return json_answer({}) if self.last == 0 else streamed(self.numbers(), b"text/plain")

    async def receive(self) -> Message:
        if not self.sent:
            return {"type": "http.request", "body": b"", "more_body": False}
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        self.sent.append(message)
        if len(self.sent) == 4:
            self.gone.set()
        await asyncio.sleep(0)

    async def ask(self) -> None:
        scope: dict[str, Any] = {
            "type": "http",
            "method": "GET",
            "path": PATH,
            "raw_path": PATH.encode(),
            "query_string": b"",
            "headers": [(b"x-api-key", KEY.encode())],
            "client": ("127.0.0.1", 1),
        }
        context = RequestContext(scope, self.send, ())
        scope["plg.exchange"] = context
        app = Streaming(gate_of(self.gateway.container), Access(None), lambda _: None, self.handle)
        await route_all(routes_of([Endpoint(PATH, app)]), ())(scope, self.receive, context.send)

    @property
    def body(self) -> bytes:
        return b"".join(each.get("body", b"") for each in self.sent)


async def test_parts_are_sent_one_by_one(gateway: Gateway) -> None:
    route = Numbers(gateway, last=2)
    await route.ask()

    assert [each.get("body") for each in route.sent] == [None, b"1\n", b"2\n", b""]
    assert [each.get("more_body", False) for each in route.sent] == [False, True, True, False]
    headers = dict(route.sent[0]["headers"])
    assert (headers[b"content-type"], headers[b"cache-control"]) == (b"text/plain", b"no-store")
    assert b"content-security-policy" in headers
    assert b"x-request-id" in headers


async def test_for_a_client_that_has_gone_nothing_more_is_made(gateway: Gateway) -> None:
    route = Numbers(gateway)
    async with asyncio.timeout(5):
        await route.ask()

    assert route.made < 10


async def test_an_answer_that_has_no_parts_has_no_body(gateway: Gateway) -> None:
    route = Numbers(gateway, last=0)
    await route.ask()

    assert (route.sent[0]["status"], route.body) == (200, b"")


async def test_what_fails_on_the_way_does_not_end_as_if_it_were_whole(gateway: Gateway) -> None:
    route = Numbers(gateway, fails=True)
    with pytest.raises(OSError, match="the disk"):
        await route.ask()

    assert route.sent[-1]["more_body"] is True


@pytest.mark.parametrize("lane", ["on", "off"])
async def test_a_connection_carries_a_stream_and_goes_on(serve: Serve, lane: str) -> None:
    listener = await serve(None, FAST_LANE=lane)
    holder = await holder_in(listener.gateway, "ana")
    await ask(listener.gateway, holder.key)
    number = "PLG-2023-000001"
    path = f"/api/v1/billing/statements/{number}"
    async with httpx.AsyncClient(
        base_url=f"http://127.0.0.1:{listener.port}", headers=holder.headers
    ) as client:
        paid = await client.post("/api/v1/billing/pay")
        first = await client.get(f"{path}.csv")
        second = await client.get(path)
        accepted = len(listener.state.connections)

    assert [each.status_code for each in (paid, first, second)] == [200, 200, 200]
    assert first.headers["transfer-encoding"] == "chunked"
    assert first.text.count("\r\n") == 2
    assert second.json()["number"] == number
    assert accepted == 1


NUMBER: Final = "PLG-2023-000001"


async def with_statement(serve: Serve) -> tuple[Listener, Holder]:
    listener = await serve()
    holder = await holder_in(listener.gateway, "ana")
    await ask(listener.gateway, holder.key)
    async with listener.gateway.client(headers=holder.headers) as client:
        assert (await client.post("/api/v1/billing/pay")).status_code == 200
    return listener, holder


def csv_request(holder: Holder, method: str = "GET") -> bytes:
    path = f"/api/v1/billing/statements/{NUMBER}.csv"
    return f"{method} {path} HTTP/1.0\r\nX-API-Key: {holder.key}\r\n\r\n".encode()


async def test_http_1_0_gets_a_stream_without_chunks_until_the_connection_ends(
    serve: Serve,
) -> None:
    listener, holder = await with_statement(serve)
    peer = await listener.connect()

    await peer.send(csv_request(holder))
    head, _, body = (await peer.rest()).partition(HEAD_END)

    assert head.startswith(b"HTTP/1.1 200 ")
    assert b"transfer-encoding" not in head
    assert b"\r\nconnection: close" in head
    assert body.startswith(b"id,time,")
    assert body.count(b"\r\n") == 2


async def test_http_1_0_may_ask_for_the_header_of_a_stream(serve: Serve) -> None:
    listener, holder = await with_statement(serve)
    peer = await listener.connect()

    await peer.send(csv_request(holder, "HEAD"))
    head, _, body = (await peer.rest()).partition(HEAD_END)

    assert head.startswith(b"HTTP/1.1 200 ")
    assert b"transfer-encoding" not in head
    assert body == b""


async def test_a_stream_to_http_1_0_that_fails_does_not_end_as_if_it_were_whole(
    serve: Serve,
) -> None:
    listener, holder = await with_statement(serve)
    path = listener.gateway.settings.storage.data_dir / "db.sqlite3"
    with closing(sqlite3.connect(path)) as database:
        database.execute("ALTER TABLE usage_records RENAME TO lost_records")
    peer = await listener.connect()

    await peer.send(csv_request(holder))
    with pytest.raises(ConnectionResetError):
        await peer.rest()
