"""A gateway on a socket of the test's own event loop, without a server's main loop."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from uvicorn.server import ServerState

from plg.entrypoints.http.carrier.connection import Connection
from plg.entrypoints.http.serving import server_config
from tests.integration.http.gateway import Gateway
from tests.integration.http.wire import Peer

DATE = b"Tue, 14 Nov 2023 22:13:20 GMT"


@dataclass(slots=True)
class Listener:
    """A gateway that listens, and the clients that came."""

    gateway: Gateway
    state: ServerState
    port: int
    connections: list[Connection]
    peers: list[Peer] = field(default_factory=list)

    async def connect(self) -> Peer:
        peer = await Peer.connect(self.port)
        self.peers.append(peer)
        return peer


@asynccontextmanager
async def listen(gateway: Gateway) -> AsyncIterator[Listener]:
    """Accept connections on a free port; the `Date` of every answer is `DATE`."""
    config = server_config(gateway.settings, gateway.app)
    config.load()
    state = ServerState()
    state.default_headers = [(b"date", DATE)]
    connections: list[Connection] = []

    def accept() -> Connection:
        connections.append(Connection(config, state, {}))
        return connections[-1]

    server = await asyncio.get_running_loop().create_server(accept, "127.0.0.1", 0)
    listener = Listener(gateway, state, server.sockets[0].getsockname()[1], connections)
    try:
        yield listener
    finally:
        server.close()
        for peer in listener.peers:
            peer.vanish()
        async with asyncio.timeout(5):
            while state.connections or state.tasks:
                await asyncio.sleep(0.001)
        await server.wait_closed()
