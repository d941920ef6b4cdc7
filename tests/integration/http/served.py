"""A gateway that serves in a thread of its own, for clients that have no event loop."""

import asyncio
import shutil
import socket
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import uvicorn

from plg.entrypoints.http.serving import server_config
from tests.integration.http.gateway import Gateway, open_gateway
from tests.integration.http.vault import WIDE, Vault

T = TypeVar("T")


@dataclass(slots=True)
class Served:
    """The gateway, and where it listens."""

    gateway: Gateway
    vault: Vault
    base_url: str
    loop: asyncio.AbstractEventLoop
    server: uvicorn.Server

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Do something where the gateway lives."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(10)


@contextmanager
def serving(furnished: tuple[Path, Vault], folder: Path, **env: str) -> Iterator[Served]:
    """Serve a copy of the data folder until the end of the context."""
    source, vault = furnished
    shutil.copytree(source, folder)
    listener = socket.create_server(("127.0.0.1", 0))
    address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    made: list[Served] = []
    is_made = threading.Event()

    async def serve() -> None:
        try:
            async with open_gateway(folder, **{**WIDE, "REQUEST_LOG_RATIO": "0", **env}) as gateway:
                config = server_config(gateway.settings, gateway.app)
                config.lifespan = "off"  # the gateway is open already
                server = uvicorn.Server(config)
                loop = asyncio.get_running_loop()
                made.append(Served(gateway, vault, address, loop, server))
                is_made.set()
                await server.serve(sockets=[listener])
        finally:
            is_made.set()

    thread = threading.Thread(target=asyncio.run, args=(serve(),))
    thread.start()
    is_made.wait(30)
    try:
        yield made[0]
    finally:
        made[0].server.should_exit = True
        thread.join()
