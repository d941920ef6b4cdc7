"""A server that is told to stop finishes what it has begun."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest

from plg.entrypoints.http.serving import server_config
from plg.entrypoints.http.workers import LastingServer
from tests.fakes.entries import ANA
from tests.integration.http.conftest import OpenGateway
from tests.integration.http.gateway import Gateway
from tests.integration.http.wire import Peer, request

both_ways = pytest.mark.parametrize("lane", ["on", "off"])


class Server(LastingServer):
    """A server that leaves the signals to pytest."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class Running:
    """A server that serves, and can be told to stop."""

    def __init__(
        self, server: Server, serving: asyncio.Task[None], listener: socket.socket
    ) -> None:
        self.peers: list[Peer] = []
        self._listener = listener
        self.port = listener.getsockname()[1]
        self._server = server
        self._serving = serving

    async def connect(self) -> Peer:
        self.peers.append(await Peer.connect(self.port))
        return self.peers[-1]

    async def stop_at_once(self) -> None:
        """Stop without another turn of the event loop."""
        await self._server.shutdown([self._listener])

    def stop(self) -> None:
        self._server.should_exit = True

    async def is_closed_to_others(self) -> None:
        async with asyncio.timeout(5):
            for _ in iter(self._listener.fileno, -1):
                await asyncio.sleep(0)

    async def has_stopped(self, *, within: float = 5) -> None:
        async with asyncio.timeout(within):
            await self._serving


@asynccontextmanager
async def running(gateway: Gateway) -> AsyncIterator[Running]:
    config = server_config(gateway.settings, gateway.app)
    config.lifespan = "off"  # the gateway is open already
    listener = socket.create_server(("127.0.0.1", 0))
    server = Server(config)
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    running = Running(server, serving, listener)
    try:
        yield running
    finally:
        for peer in running.peers:
            peer.vanish()
        running.stop()
        await running.has_stopped()


@both_ways
async def test_a_request_in_flight_is_finished(open_: OpenGateway, lane: str) -> None:
    gateway = await open_(FAST_LANE=lane)
    gateway.simulator.control(latency=0.4)
    async with running(gateway) as server:
        peer = await server.connect()
        await peer.send(request())
        await asyncio.sleep(0.05)

        server.stop()
        answer = await peer.answer()

        assert answer.status == 200
        assert answer.closes
        assert await peer.is_closed()
        await server.has_stopped()


@both_ways
async def test_who_waits_to_be_accepted_is_answered(open_: OpenGateway, lane: str) -> None:
    gateway = await open_(FAST_LANE=lane)
    gateway.simulator.control(latency=0.05)
    async with running(gateway) as server:
        await (await server.connect()).ask(request())
        late = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(20)]
        for number, client in enumerate(late):  # none of them is accepted: the loop stands still
            client.sendall(request(f"/api/v1/players/KB-{number + 2:06}"))

        await server.stop_at_once()

        for client in late:
            client.settimeout(5)
            assert client.recv(20).startswith(b"HTTP/1.1 200 OK")
            client.close()


@both_ways
async def test_who_has_come_but_not_asked_yet_is_answered(open_: OpenGateway, lane: str) -> None:
    gateway = await open_(FAST_LANE=lane)
    async with running(gateway) as server:
        peers = [await server.connect() for _ in range(3)]
        await peers[2].send(request()[:-2])
        server.stop()
        await server.is_closed_to_others()

        await peers[0].send(request())
        await peers[1].send(request() + request())
        await peers[2].send(request()[-2:])

        for peer, answers in zip(peers, (1, 2, 1), strict=True):
            assert [(await peer.answer()).status for _ in range(answers)] == [200] * answers
            assert await peer.is_closed()
        await server.has_stopped()


@both_ways
async def test_requests_that_wait_behind_it_are_finished_too(open_: OpenGateway, lane: str) -> None:
    gateway = await open_(FAST_LANE=lane)
    gateway.simulator.control(latency=0.3)
    await gateway.remember(ANA)
    async with running(gateway) as server:
        peer = await server.connect()
        await peer.send(request("/api/v1/players/KB-000005") + request() * 3)
        await asyncio.sleep(0.05)

        server.stop()

        assert [(await peer.answer()).closes for _ in range(4)] == [False, False, False, True]
        assert await peer.is_closed()
        await server.has_stopped()


@both_ways
async def test_a_client_that_reads_late_gets_what_it_had_asked_for(
    open_: OpenGateway, lane: str
) -> None:
    gateway = await open_(FAST_LANE=lane)
    await gateway.remember(ANA, body_bytes=400_000)
    async with running(gateway) as server:
        peer = await server.connect()
        peer.writer.write(request() * 60)
        await asyncio.sleep(0.05)

        server.stop()
        await asyncio.sleep(0.3)

        for _ in range(60):
            assert len((await peer.answer()).body) == 400_000
        assert await peer.is_closed()
        await server.has_stopped()


@both_ways
async def test_idle_connections_are_closed_and_nobody_else_comes_in(
    open_: OpenGateway, lane: str
) -> None:
    gateway = await open_(FAST_LANE=lane)
    await gateway.remember(ANA)
    async with running(gateway) as server:
        peers = [await server.connect() for _ in range(5)]
        for peer in peers[1:]:
            await peer.ask(request())

        server.stop()

        for peer in peers:
            assert await peer.is_closed()
        await server.has_stopped(within=2)
        with pytest.raises(OSError):  # noqa: PT011 - whatever the system calls it
            await server.connect()


async def test_half_a_request_does_not_hold_it_up(open_: OpenGateway) -> None:
    gateway = await open_()
    async with running(gateway) as server:
        peer = await server.connect()
        await peer.send(request()[:-2])
        await asyncio.sleep(0.05)

        server.stop()

        answer = await peer.answer()
        assert (answer.status, answer.closes) == (408, True)
        peer.vanish()
        await server.has_stopped(within=2)


async def test_a_client_that_never_reads_does_not_hold_it_up_for_ever(open_: OpenGateway) -> None:
    gateway = await open_(API_SHUTDOWN_SECONDS="1")
    gateway.bound(write_stall_seconds=0.3)
    await gateway.remember(ANA, body_bytes=1_000_000)
    async with running(gateway) as server:
        peer = await server.connect()
        peer.writer.write(request() * 60)
        await asyncio.sleep(0.05)

        server.stop()

        await server.has_stopped()


async def test_what_is_not_finished_within_the_bound_is_given_up(open_: OpenGateway) -> None:
    gateway = await open_(API_SHUTDOWN_SECONDS="1")
    gateway.simulator.control(latency=30)
    async with running(gateway) as server:
        peer = await server.connect()
        await peer.send(request())
        await asyncio.sleep(0.05)

        server.stop()

        await server.has_stopped()
