"""A world in which Ana is told of her limits."""

import pytest

from tests.unit.notifications.world import World


@pytest.fixture
def world() -> World:
    return World()
