"""End a key."""

import pytest

from plg.application.ports.identity.access_changes import AccessChange
from plg.domain.audit import Action, Actor
from plg.domain.errors import InvalidCredential, NotFound
from tests.fakes.clock import NOON
from tests.unit.keys.world import ACTOR, ANA, BEN, World

ANYBODY = Actor("anonymous", None, "203.0.113.9", "r-2")


async def test_a_revoked_key_proves_nothing(world: World) -> None:
    issued = await world.issued()
    await world.revoke(issued.key.id, None, ANA, ACTOR)
    with pytest.raises(InvalidCredential, match="revoked"):
        await world.verified(issued)


async def test_a_revoked_key_can_still_be_seen(world: World) -> None:
    key = (await world.issued()).key
    await world.revoke(key.id, "left the team", ANA, ACTOR)
    shown = await world.show(key.id, ANA)

    assert (shown.revoked_at, shown.revoked_reason) == (NOON, "left the team")


async def test_revoking_is_written_down_and_told(world: World) -> None:
    key = (await world.issued()).key
    await world.revoke(key.id, "left the team", ANA, ACTOR)
    record = world.work.audit_records[-1]

    assert (record.action, record.target) == (Action.KEY_REVOKED, f"key:{key.id}")
    assert record.details == {"reason": "left the team"}
    assert (world.work.changes, world.remembered.forgotten) == ([AccessChange("ana")], ["ana"])


async def test_revoking_again_changes_nothing(world: World) -> None:
    key = (await world.issued()).key
    await world.revoke(key.id, "first", ANA, ACTOR)
    world.clock.advance(1)
    await world.revoke(key.id, "second", ANA, ACTOR)

    assert (world.key(key.id).revoked_at, world.key(key.id).revoked_reason) == (NOON, "first")
    assert world.work.actions.count(Action.KEY_REVOKED) == 1


async def test_anothers_key_is_not_found(world: World) -> None:
    issued = await world.issued()
    with pytest.raises(NotFound):
        await world.revoke(issued.key.id, None, BEN, ACTOR)
    await world.verified(issued)


async def test_a_leaked_key_is_revoked_whoever_presents_it(world: World) -> None:
    issued = await world.issued()

    assert await world.revoke_leaked(issued.secret.reveal(), ANYBODY)
    assert world.key(issued.key.id).revoked_reason == "leaked"
    with pytest.raises(InvalidCredential, match="revoked"):
        await world.verified(issued)


async def test_a_leak_is_written_down_with_who_told(world: World) -> None:
    issued = await world.issued()
    await world.revoke_leaked(issued.secret.reveal(), ANYBODY)
    record = world.work.audit_records[-1]

    assert (record.action, record.actor) == (Action.KEY_LEAKED, ANYBODY)
    assert (record.target, record.details) == (
        f"key:{issued.key.id}",
        {"prefix": issued.secret.prefix},
    )
    assert (world.work.changes, world.remembered.forgotten) == ([AccessChange("ana")], ["ana"])


async def test_a_leak_that_is_told_twice_is_written_down_once(world: World) -> None:
    issued = await world.issued()
    for _ in range(2):
        assert await world.revoke_leaked(issued.secret.reveal(), ANYBODY)

    assert world.work.actions.count(Action.KEY_LEAKED) == 1


async def test_an_old_secret_in_its_grace_ends_the_key_too(world: World) -> None:
    issued = await world.issued()
    await world.regenerate(issued.key.id, ANA, ACTOR)

    assert await world.revoke_leaked(issued.secret.reveal(), ANYBODY)
    assert world.key(issued.key.id).is_revoked


async def test_a_secret_that_has_ended_leaves_its_key_alone(world: World) -> None:
    first = await world.issued()
    second = await world.regenerate(first.key.id, ANA, ACTOR, grace_seconds=10)
    world.clock.advance(10)

    assert await world.revoke_leaked(first.secret.reveal(), ANYBODY)
    await world.verified(second)


@pytest.mark.parametrize("kind", ["form", "unknown", "secret"])
async def test_what_is_not_the_full_secret_ends_nothing(world: World, kind: str) -> None:
    issued, other = await world.issued(), World()
    foreign = (await other.issued()).secret
    presented = {
        "form": issued.secret.prefix,
        "unknown": foreign.reveal(),
        "secret": foreign.reveal(),
    }[kind]
    if kind == "secret":  # as if its public part were that of a key of ours
        secret = world.work.tables.secrets.pop(issued.secret.public)
        world.work.tables.secrets[foreign.public] = secret
    commits = world.work.commits

    assert not await world.revoke_leaked(presented, ANYBODY)
    assert (world.work.commits, world.key(issued.key.id).is_revoked) == (commits, False)
