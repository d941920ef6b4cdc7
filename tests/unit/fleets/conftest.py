"""A world in which there are no fleets yet."""

import pytest

from tests.unit.fleets.world import World


@pytest.fixture
def world() -> World:
    return World()
