"""The engine with the policy that most tests use."""

import pytest

from tests.unit.reading.world import World, make_world


@pytest.fixture
def world() -> World:
    return make_world()
