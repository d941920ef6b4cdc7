"""The real gateway in front of the simulator, both in this process."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import fields
from pathlib import Path
from typing import Any, cast

import httpx
import uvicorn

from plg.container import Container, prepare, running
from plg.entrypoints.http.api.records.players import PlayersApi
from plg.entrypoints.http.assembly import api_endpoints, build_app, gate_of
from plg.entrypoints.http.docs.pages import DocumentPages
from plg.entrypoints.http.endpoints import Endpoint
from plg.entrypoints.http.protocol.rendering import RecordRenderer
from plg.entrypoints.http.serving import server_config
from plg.entrypoints.simulator.app import create_simulator
from plg.settings import Settings
from tests.ports import reserved_port

KEY = "a-key-for-the-docs"


def all_settings() -> dict[str, str]:
    """Return each variable with its default as text."""
    return {
        item.metadata["name"]: item.metadata["default"] or ""
        for part in fields(Settings)
        for item in fields(cast("Any", part.type))
        if "name" in item.metadata
    }


def container_in(folder: Path, env: Mapping[str, str] | None = None) -> Container:
    variables = {
        "DATA_DIR": str(folder),
        "API_KEY": KEY,
        "EXTERNAL_API_BASE_URL": "http://source.example",
        **(env or {}),
    }
    container = Container(settings=Settings.from_env(variables))
    transport = httpx.ASGITransport(create_simulator())
    container.player_transport.override(transport)
    container.vehicles.transport.override(transport)
    return container


def endpoints(container: Container) -> list[Endpoint]:
    """Return every route that answers under the settings as they are by default."""
    gate = gate_of(container)
    players = PlayersApi(
        container.player_spec(),
        container.get_player(),
        gate,
        RecordRenderer.under(container.policy()),
        container.clock(),
    )
    return [*api_endpoints(container, gate, players), *DocumentPages("", "", bytes).endpoints()]


@asynccontextmanager
async def gateway_in(folder: Path) -> AsyncIterator[httpx.AsyncClient]:
    container = container_in(folder)
    await prepare(container)
    transport = httpx.ASGITransport(build_app(container))
    async with (
        running(container),
        httpx.AsyncClient(transport=transport, base_url="http://gateway") as client,
    ):
        yield client


@asynccontextmanager
async def serving(folder: Path) -> AsyncIterator[tuple[str, Container]]:
    """Serve the gateway on a port of its own; yield its address."""
    port = reserved_port()
    container = container_in(folder, {"API_PORT": str(port)})
    await prepare(container)
    server = uvicorn.Server(server_config(container.settings(), build_app(container)))
    task = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - it has no event
        await asyncio.sleep(0.01)
    try:
        yield f"http://localhost:{port}", container
    finally:
        server.should_exit = True
        await task
