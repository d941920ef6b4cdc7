"""A world in which Ana may log in."""

import pytest

from tests.unit.access.session_world import SessionWorld


@pytest.fixture
async def world() -> SessionWorld:
    made = SessionWorld()
    await made.add()
    return made
