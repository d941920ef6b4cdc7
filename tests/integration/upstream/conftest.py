"""The adapter in front of our simulator, in process."""

from collections.abc import AsyncIterator

import httpx
import pytest

from plg.adapters.upstream.players import HttpPlayerSource
from plg.entrypoints.simulator.app import Simulator, SimulatorConfig, create_simulator
from tests.integration.upstream.sources import source_over


@pytest.fixture
def simulator() -> Simulator:
    return create_simulator(SimulatorConfig(seed=7))


@pytest.fixture
async def source(simulator: Simulator) -> AsyncIterator[HttpPlayerSource]:
    source = source_over(httpx.ASGITransport(app=simulator))
    yield source
    await source.client.aclose()
