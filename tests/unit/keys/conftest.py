"""A world of its own for each test."""

import pytest

from tests.unit.keys.world import World


@pytest.fixture
def world() -> World:
    return World()
