"""A world of devices for every test."""

import pytest

from plg.domain.identity.access import Caller
from plg.domain.identity.sessions import Tokens
from tests.unit.devices.ways import Prove
from tests.unit.devices.world import ANYBODY, NONCE, TILL, World


@pytest.fixture
async def world() -> World:
    world = World()
    await world.begin()
    return world


@pytest.fixture(params=["get-token", "signature"])
def prove(request: pytest.FixtureRequest, world: World) -> Prove:
    """Return either way to prove; what holds for one holds for the other."""

    async def get_token(secret: str, device_id: str = TILL, nonce: str = NONCE) -> Tokens:
        proof = world.proof(secret, device_id, nonce=nonce)
        return await world.get_token(device_id, proof, ANYBODY)

    async def sign(secret: str, device_id: str = TILL, nonce: str = NONCE) -> Caller:
        return await world.verify(world.signed(secret, device_id, nonce=nonce))

    return get_token if request.param == "get-token" else sign
