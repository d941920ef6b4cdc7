"""A world in which Ana and Ben have the default plan."""

import pytest

from tests.unit.billing.world import World


@pytest.fixture
def world() -> World:
    return World()
