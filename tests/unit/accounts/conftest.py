"""A world for each test."""

import pytest

from tests.unit.accounts.world import World


@pytest.fixture
def world() -> World:
    return World()
