"""The simulator on a real server: what can only be seen on a connection."""

import asyncio
import socket
from collections.abc import AsyncIterator

import httpx
import pytest
import uvicorn

from plg.entrypoints.simulator.app import Simulator
from tests.integration.simulator.recorded_sleep import RecordedSleep

ANA = "/players?killer_bi_id=KB-000001"


@pytest.fixture
async def client(simulator: Simulator) -> AsyncIterator[httpx.AsyncClient]:
    server = uvicorn.Server(uvicorn.Config(simulator, log_config=None, access_log=False))
    listener = socket.create_server(("127.0.0.1", 0))
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    port = listener.getsockname()[1]
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
        yield client
    server.should_exit = True
    await serving


async def test_a_record_arrives_whole(client: httpx.AsyncClient) -> None:
    assert (await client.get(ANA)).json()[0]["killer_bi_id"] == "KB-000001"


@pytest.mark.parametrize("headers", [{}, {"If-None-Match": "*"}])
async def test_a_connection_breaks_in_the_middle_of_the_body(
    client: httpx.AsyncClient, simulator: Simulator, headers: dict[str, str]
) -> None:
    simulator.control(disconnect_ratio=1)

    with pytest.raises(httpx.RemoteProtocolError, match="without"):
        await client.get(ANA, headers=headers)


async def test_a_timeout_ends_when_the_client_goes_away(
    client: httpx.AsyncClient, simulator: Simulator, sleep: RecordedSleep
) -> None:
    sleep.hold()
    simulator.control(timeout_ratio=1)
    with pytest.raises(httpx.ReadTimeout):
        await client.get(ANA, timeout=0.05)

    async with asyncio.timeout(5):
        await sleep.abandoned.wait()
