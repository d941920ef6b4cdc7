"""The simulator in process, and a client of it."""

from collections.abc import AsyncIterator

import httpx
import pytest

from plg.entrypoints.simulator.app import Simulator, SimulatorConfig, create_simulator
from tests.integration.simulator.recorded_sleep import RecordedSleep


@pytest.fixture
def sleep() -> RecordedSleep:
    return RecordedSleep()


@pytest.fixture
def simulator(sleep: RecordedSleep) -> Simulator:
    return create_simulator(SimulatorConfig(seed=7), sleep=sleep)


@pytest.fixture
async def client(simulator: Simulator) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=simulator)
    async with httpx.AsyncClient(transport=transport, base_url="http://source.test") as client:
        yield client
