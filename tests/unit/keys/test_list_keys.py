"""Read keys."""

import pytest

from plg.domain.errors import NotFound
from plg.domain.identity.access import SERVICE_SCOPES, Caller
from plg.domain.identity.api_key_changes import KeyChange
from tests.unit.keys.world import ANA, BEN, World


async def test_an_account_sees_its_own_keys_in_the_order_they_were_made(world: World) -> None:
    keys = []
    for name in ("one", "two", "three"):
        keys.append((await world.issued(KeyChange(name))).key)
        world.clock.advance(1)
    await world.issued(KeyChange("hers"), BEN)

    assert await world.list(ANA, after=None, limit=10) == keys
    assert await world.list(ANA, after=keys[0].id, limit=1) == keys[1:2]


async def test_keys_are_found_by_name_or_prefix(world: World) -> None:
    one = (await world.issued(KeyChange("Build server"))).key
    two = (await world.issued(KeyChange("laptop"))).key

    assert await world.list(ANA, after=None, limit=10, search="SERVER") == [one]
    assert await world.list(ANA, after=None, limit=10, search=two.prefix) == [two]


async def test_the_service_has_no_keys(world: World) -> None:
    await world.issued()

    assert await world.list(Caller("service", SERVICE_SCOPES), after=None, limit=10) == []


async def test_anothers_key_is_not_found(world: World) -> None:
    key = (await world.issued()).key

    assert await world.show(key.id, ANA) == key
    with pytest.raises(NotFound):
        await world.show(key.id, BEN)
