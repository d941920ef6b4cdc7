"""A key knows when it was changed last."""

from collections.abc import Awaitable, Callable

import pytest

from plg.application.identity.issue_key import IssuedKey
from plg.domain.identity.api_key_changes import KeyChange
from tests.fakes.clock import NOON
from tests.unit.keys.world import ACTOR, ANA, DAY, World

Change = Callable[[World, IssuedKey], Awaitable[object]]

CHANGES: dict[str, Change] = {
    "change": lambda world, key: world.change(key.key.id, KeyChange(name="new"), ANA, ACTOR),
    "regenerate": lambda world, key: world.regenerate(key.key.id, ANA, ACTOR),
    "revoke": lambda world, key: world.revoke(key.key.id, None, ANA, ACTOR),
    "leak": lambda world, key: world.revoke_leaked(key.secret.reveal(), ACTOR),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
async def test_every_change_of_a_key_is_dated(world: World, change: Change) -> None:
    issued = await world.issued()
    world.clock.advance(DAY)
    await change(world, issued)

    assert world.key(issued.key.id).updated_at == NOON + DAY


async def test_what_changes_nothing_is_no_change(world: World) -> None:
    issued = await world.issued()
    world.clock.advance(DAY)
    await world.change(issued.key.id, KeyChange(name=issued.key.name), ANA, ACTOR)

    assert world.key(issued.key.id).updated_at is None
