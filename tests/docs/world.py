"""The real gateway in front of the simulator, both in this process."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import fields
from pathlib import Path
from typing import Any, cast

import httpx

from plg.container import Container, close, prepare
from plg.entrypoints.http.api.players import PlayersApi
from plg.entrypoints.http.assembly import api_endpoints, build_app
from plg.entrypoints.http.docs.pages import DocumentPages
from plg.entrypoints.http.endpoints import Endpoint
from plg.entrypoints.http.gate import Gate
from plg.entrypoints.http.records import RecordRenderer
from plg.entrypoints.simulator.app import create_simulator
from plg.settings import Settings

KEY = "a-key-for-the-docs"


def all_settings() -> dict[str, str]:
    """Return each variable with its default as text."""
    return {
        item.metadata["name"]: item.metadata["default"] or ""
        for part in fields(Settings)
        for item in fields(cast("Any", part.type))
    }


def container_in(folder: Path, env: Mapping[str, str] | None = None) -> Container:
    variables = {
        "DATA_DIR": str(folder),
        "API_KEY": KEY,
        "EXTERNAL_API_BASE_URL": "http://source.example",
        **(env or {}),
    }
    container = Container(settings=Settings.from_env(variables))
    container.player_transport.override(httpx.ASGITransport(create_simulator()))
    return container


def gate_of(container: Container) -> Gate:
    return Gate(container.access.identify(), container.access.limits(), ())


def endpoints(container: Container) -> list[Endpoint]:
    """Return every route that answers under the settings as they are by default."""
    gate = gate_of(container)
    players = PlayersApi(
        container.get_player(),
        gate,
        RecordRenderer.under(container.policy()),
        container.clock(),
    )
    return [*api_endpoints(container, gate, players), *DocumentPages("", {}).endpoints()]


@asynccontextmanager
async def gateway_in(folder: Path) -> AsyncIterator[httpx.AsyncClient]:
    container = container_in(folder)
    await prepare(container)
    transport = httpx.ASGITransport(build_app(container))
    async with httpx.AsyncClient(transport=transport, base_url="http://gateway") as client:
        yield client
    await close(container)
