"""Give a key a new secret."""

from dataclasses import replace

import pytest

from plg.application.ports.identity.access_changes import AccessChange
from plg.domain.audit import Action
from plg.domain.errors import (
    InsufficientScope,
    InvalidCredential,
    InvalidParameter,
    KeyRevoked,
    NotFound,
)
from plg.domain.identity.access import Scope
from plg.domain.identity.api_key_changes import KeyChange
from tests.fakes.clock import NOON
from tests.unit.keys.world import ACTOR, ANA, BEN, DAY, World


async def test_a_key_keeps_all_but_its_secret(world: World) -> None:
    first = await world.issued(KeyChange("ci", frozenset({Scope.BILLING_READ}), None))
    second = await world.regenerate(first.key.id, ANA, ACTOR)

    expected = replace(first.key, prefix=second.secret.prefix, updated_at=NOON)
    assert second.key == expected == world.key(first.key.id)
    assert second.secret.public != first.secret.public


async def test_both_secrets_are_good_in_the_grace(world: World) -> None:
    first = await world.issued()
    second = await world.regenerate(first.key.id, ANA, ACTOR)
    world.clock.advance(DAY - 1)

    assert (await world.verified(first)).caller == (await world.verified(second)).caller


async def test_the_old_secret_ends_with_its_grace(world: World) -> None:
    first = await world.issued()
    second = await world.regenerate(first.key.id, ANA, ACTOR, grace_seconds=10)
    world.clock.advance(10)
    with pytest.raises(InvalidCredential, match="replaced"):
        await world.verified(first)
    await world.verified(second)


async def test_what_is_known_of_the_old_secret_ends_with_its_grace(world: World) -> None:
    first = await world.issued()
    second = await world.regenerate(first.key.id, ANA, ACTOR, grace_seconds=10)

    assert (await world.verified(first)).valid_until == NOON + 10
    assert (await world.verified(second)).valid_until == first.key.expires_at


async def test_without_a_grace_the_old_secret_ends_at_once(world: World) -> None:
    first = await world.issued()
    await world.regenerate(first.key.id, ANA, ACTOR, grace_seconds=0)
    with pytest.raises(InvalidCredential):
        await world.verified(first)


async def test_at_most_two_secrets_live(world: World) -> None:
    first = await world.issued()
    second = await world.regenerate(first.key.id, ANA, ACTOR)
    third = await world.regenerate(first.key.id, ANA, ACTOR)
    with pytest.raises(InvalidCredential):
        await world.verified(first)
    await world.verified(second)
    await world.verified(third)


@pytest.mark.parametrize("grace", [-1, 30 * 86400 + 1])
async def test_a_grace_past_thirty_days_is_refused(world: World, grace: int) -> None:
    key = (await world.issued()).key
    with pytest.raises(InvalidParameter, match="grace_seconds"):
        await world.regenerate(key.id, ANA, ACTOR, grace_seconds=grace)


async def test_it_is_written_down_and_told(world: World) -> None:
    key = (await world.issued()).key
    second = await world.regenerate(key.id, ANA, ACTOR, grace_seconds=7)
    record = world.work.audit_records[-1]

    assert (record.action, record.target) == (Action.KEY_REGENERATED, f"key:{key.id}")
    assert record.details == {"prefix": second.secret.prefix, "grace_seconds": "7"}
    assert (world.work.changes, world.remembered.forgotten) == ([AccessChange("ana")], ["ana"])


async def test_anothers_key_is_not_found(world: World) -> None:
    key = (await world.issued()).key
    with pytest.raises(NotFound):
        await world.regenerate(key.id, BEN, ACTOR)


async def test_a_revoked_key_gets_no_new_secret(world: World) -> None:
    key = (await world.issued()).key
    await world.revoke(key.id, None, ANA, ACTOR)
    with pytest.raises(KeyRevoked):
        await world.regenerate(key.id, ANA, ACTOR)


async def test_nobody_gets_a_stronger_key_by_regenerating_it(world: World) -> None:
    stronger = (await world.issued(KeyChange("ci", frozenset({Scope.BILLING_WRITE})))).key
    weaker = replace(ANA, scopes=frozenset({Scope.KEYS_WRITE}))
    with pytest.raises(InsufficientScope):
        await world.regenerate(stronger.id, weaker, ACTOR)


async def test_a_key_that_ends_gets_no_longer_one_by_regenerating_it(world: World) -> None:
    scopes = frozenset({Scope.KEYS_WRITE})
    longer = (await world.issued(KeyChange("long", scopes, None))).key
    ending = await world.issued(KeyChange("short", scopes, NOON + 10))
    with pytest.raises(InvalidParameter):
        await world.regenerate(longer.id, (await world.verified(ending)).caller, ACTOR)


async def test_a_key_may_regenerate_itself(world: World) -> None:
    first = await world.issued(KeyChange("ci", frozenset({Scope.KEYS_WRITE}), NOON + 10))
    itself = (await world.verified(first)).caller
    second = await world.regenerate(first.key.id, itself, ACTOR)

    assert (await world.verified(second)).caller == itself
