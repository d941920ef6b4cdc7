"""A gateway on a socket of the test's own event loop, without a server's main loop."""

import asyncio
import tracemalloc
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Final

from uvicorn.server import ServerState

from plg.entrypoints.http.carrier.connection import Connection
from plg.entrypoints.http.serving import server_config
from tests.integration.http.gateway import Gateway
from tests.integration.http.wire import Peer

DATE: Final = b"Tue, 14 Nov 2023 22:13:20 GMT"
STILL_TURNS: Final = 50


@dataclass(slots=True)
class Listener:
    """A gateway that listens, and the clients that came."""

    gateway: Gateway
    state: ServerState
    port: int
    accept: Callable[[], Connection]
    peers: list[Peer] = field(default_factory=list)

    async def connect(self) -> Peer:
        peer = await Peer.connect(self.port)
        self.peers.append(peer)
        return peer

    async def until(self, holds: Callable[[], bool]) -> None:
        """Wait until it has come to that."""
        async with asyncio.timeout(5):
            while not holds():  # noqa: ASYNC110 - nobody tells
                await asyncio.sleep(0)

    async def until_still(self, progress: Callable[[], object]) -> None:
        """Wait until the loop has gone round and round without any progress."""
        async with asyncio.timeout(5):
            seen, turns = progress(), 0
            while turns < STILL_TURNS:
                await asyncio.sleep(0)
                now = progress()
                seen, turns = now, turns + 1 if now == seen else 0

    def answered(self) -> int:
        """Return how many answers were made, sent or not."""
        tallies = self.gateway.app.server.telemetry.collect()
        requests = next(iter(tallies)).samples
        return int(sum(sample.value for sample in requests))

    async def until_left(self) -> None:
        """Wait until no connection is open, and nothing is done for one."""
        async with asyncio.timeout(5):
            while self.state.connections or self.state.tasks:  # noqa: ASYNC110 - not ours
                await asyncio.sleep(0)

    @contextmanager
    def memory(self) -> Iterator[Callable[[], int]]:
        """Yield what tells by how many bytes this process had grown at most."""
        tracemalloc.start()
        before, _ = tracemalloc.get_traced_memory()
        peak = 0
        try:
            yield lambda: peak - before
        finally:
            _, peak = tracemalloc.get_traced_memory()
            tracemalloc.stop()


@asynccontextmanager
async def listen(gateway: Gateway) -> AsyncIterator[Listener]:
    """Accept connections on a free port; the `Date` of every answer is `DATE`."""
    config = server_config(gateway.settings, gateway.app)
    config.load()
    state = ServerState()
    state.default_headers = [(b"date", DATE)]
    loop = asyncio.get_running_loop()

    def accept() -> Connection:
        return Connection(config, state, {})

    server = await loop.create_server(accept, "127.0.0.1", 0)
    listener = Listener(gateway, state, server.sockets[0].getsockname()[1], accept)
    try:
        yield listener
    finally:
        server.close()
        for peer in listener.peers:
            peer.vanish()
        await listener.until_left()
        await server.wait_closed()
