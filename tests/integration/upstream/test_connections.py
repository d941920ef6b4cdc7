"""What happens on real connections."""

import asyncio
import gzip
import socket
import traceback
from collections.abc import AsyncIterator

import pytest
import uvicorn
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plg.adapters.upstream.client import pooled_transport
from plg.adapters.upstream.players import HttpPlayerSource
from plg.application.ports.records.source import Fetched
from plg.domain.errors import SourceBroken, SourceFailed, SourceFault, SourceTimeout
from plg.domain.records.players import KillerBiId
from plg.entrypoints.simulator.app import Simulator
from tests.fakes.entries import ANA
from tests.integration.upstream.sources import listening, read_head, response, source_over

RECORD = b'{"killer_bi_id":"KB-000001"}'
keys = st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=40)


@pytest.fixture
async def served(simulator: Simulator) -> AsyncIterator[HttpPlayerSource]:
    """The simulator behind a real server."""
    server = uvicorn.Server(uvicorn.Config(simulator, log_config=None, access_log=False))
    listener = socket.create_server(("127.0.0.1", 0))
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    source = source_over(pooled_transport(4), f"http://127.0.0.1:{listener.getsockname()[1]}")
    yield source
    await source.client.aclose()
    server.should_exit = True
    await serving


async def test_a_record_arrives_whole(served: HttpPlayerSource) -> None:
    answer = await served.fetch(ANA)

    assert isinstance(answer, Fetched)
    assert answer.record.document.startswith(b'{"killer_bi_id":"KB-000001"')


async def test_a_connection_that_breaks_in_the_middle_is_a_failure(
    served: HttpPlayerSource, simulator: Simulator
) -> None:
    simulator.control(disconnect_ratio=1)

    with pytest.raises(SourceFailed):
        await served.fetch(ANA)


async def test_an_oversize_body_is_refused(served: HttpPlayerSource, simulator: Simulator) -> None:
    simulator.control(garbage_ratio=1, garbage_kind="oversize")
    with pytest.raises(SourceBroken) as caught:
        await served.fetch(ANA)

    assert caught.value.fault is SourceFault.SIZE


async def test_a_redirect_is_not_followed(served: HttpPlayerSource, simulator: Simulator) -> None:
    simulator.control(error_ratio=1, error_status=302)
    with pytest.raises(SourceFailed) as caught:
        await served.fetch(ANA)

    assert caught.value.status == 302


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=keys.filter(lambda text: text == text.strip()))
async def test_every_key_arrives_unchanged(
    served: HttpPlayerSource, simulator: Simulator, text: str
) -> None:
    simulator.stats.reset()
    await served.fetch(KillerBiId(text))

    assert list(simulator.stats.by_key) == [text]


async def test_a_port_where_nobody_listens_is_a_failure() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    source = source_over(pooled_transport(4), f"http://127.0.0.1:{port}")
    with pytest.raises(SourceFailed) as caught:
        await source.fetch(ANA)
    await source.client.aclose()

    assert caught.value.status is None


async def test_one_connection_serves_many_calls() -> None:
    connections = 0

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connections
        connections += 1
        while True:
            await read_head(reader)
            writer.write(response(RECORD))

    async with listening(serve) as source:
        for _ in range(5):
            await source.fetch(ANA)

    assert connections == 1


async def test_a_connection_that_was_closed_while_idle_is_replaced() -> None:
    closed = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_head(reader)
        writer.write(response(RECORD))
        writer.close()
        closed.set()

    async with listening(serve) as source:
        for _ in range(3):
            closed.clear()
            assert isinstance(await source.fetch(ANA), Fetched)
            await closed.wait()


async def test_cookies_are_not_sent_back() -> None:
    heads: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for _ in range(2):
            heads.append(await read_head(reader))
            writer.write(response(RECORD, b"Set-Cookie: session=1; Path=/"))

    async with listening(serve) as source:
        await source.fetch(ANA)
        await source.fetch(ANA)

    assert b"cookie" not in b"".join(heads).lower()


@pytest.mark.parametrize("name", [b"gzip", b"x-gzip"])
async def test_encodings_that_are_asked_for_are_read(name: bytes) -> None:
    heads: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heads.append(await read_head(reader))
        body = gzip.compress(RECORD[:10]) + gzip.compress(RECORD[10:])
        writer.write(response(body, b"Content-Encoding: " + name))

    async with listening(serve) as source:
        answer = await source.fetch(ANA)

    assert isinstance(answer, Fetched)
    assert b"accept-encoding: gzip, deflate\r\n" in heads[0].lower()


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n[",
        b"SSH-2.0-OpenSSH_9.6\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n[]\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"y" * 100_000 + b"\r\n\r\n[]",
    ],
    ids=["nothing", "half a body", "no http", "bad chunk", "huge header"],
)
async def test_what_is_no_whole_answer_is_a_failure(sent: bytes) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_head(reader)
        writer.write(sent)

    async with listening(serve) as source:
        with pytest.raises(SourceFailed):
            await source.fetch(ANA)


async def test_a_body_that_cannot_be_unpacked_breaks_the_contract() -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_head(reader)
        writer.write(response(b"no gzip", b"Content-Encoding: gzip"))

    async with listening(serve) as source:
        with pytest.raises(SourceBroken) as caught:
            await source.fetch(ANA)

    assert caught.value.fault is SourceFault.CONTENT


async def test_a_bomb_is_refused_while_it_unpacks() -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_head(reader)
        writer.write(response(gzip.compress(b" " * 50_000_000), b"Content-Encoding: gzip"))

    async with listening(serve) as source:
        with pytest.raises(SourceBroken) as caught:
            await source.fetch(ANA)

    assert caught.value.fault is SourceFault.SIZE


async def test_a_body_that_trickles_is_a_timeout() -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_head(reader)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n[")
        await reader.read()  # until the client goes away

    async with listening(serve, attempt_seconds=0.05) as source:
        with pytest.raises(SourceTimeout):
            await source.fetch(ANA)


async def test_the_error_of_a_failure_does_not_show_the_sources_headers() -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_head(reader)
        writer.write(b"nonsense\r\n\r\n")

    async with listening(serve, headers={"X-Api-Key": "s3cret"}) as source:
        with pytest.raises(SourceFailed) as caught:
            await source.fetch(ANA)

    assert "s3cret" not in "".join(traceback.format_exception(caught.value))
