"""A world of devices for every test."""

import pytest

from tests.unit.devices.world import World


@pytest.fixture
async def world() -> World:
    world = World()
    await world.begin()
    return world
