"""A world in which Ana and Ben have the default plan."""

import pytest

from tests.unit.billing.paying import Paying
from tests.unit.billing.world import World


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def paying() -> Paying:
    """A world in which usage is billed."""
    return Paying()
