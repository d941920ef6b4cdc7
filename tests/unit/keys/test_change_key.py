"""Change what a key is."""

from dataclasses import replace

import pytest

from plg.application.ports.identity.access_changes import AccessChange
from plg.domain.audit import Action
from plg.domain.errors import InsufficientScope, InvalidParameter, KeyRevoked, NotFound
from plg.domain.identity.access import DATA_SCOPES, Scope
from plg.domain.identity.api_key_changes import KeyChange
from plg.domain.identity.api_key_fields import EXPIRY_SECONDS
from plg.domain.identity.networks import parse_network
from plg.domain.limits.rates import NO_RATES, Rate, Rates
from tests.fakes.clock import NOON
from tests.unit.keys.world import ACTOR, ANA, BEN, DAY, World

OFFICE = parse_network("192.0.2.0/24")
SLOW = Rate(5, 60)
ALL = KeyChange("all", frozenset({Scope.BILLING_READ}), None, (OFFICE,), SLOW, is_enabled=False)


async def test_only_what_is_said_changes(world: World) -> None:
    key = (await world.issued(ALL)).key
    changed = await world.change(key.id, KeyChange(name="other"), ANA, ACTOR)

    assert changed == replace(key, name="other", updated_at=NOON) == world.key(key.id)


async def test_everything_but_the_secret_can_change(world: World) -> None:
    issued = await world.issued()
    key = await world.change(issued.key.id, ALL, ANA, ACTOR)

    assert (key.name, key.scopes, key.expires_at) == ("all", ALL.scopes, None)
    assert key.allowed_networks == (OFFICE,)
    assert (key.rates, key.is_enabled) == (Rates(SLOW), False)
    assert (key.id, key.prefix, key.created_at) == (
        issued.key.id,
        issued.key.prefix,
        issued.key.created_at,
    )


async def test_one_rate_changes_without_the_other(world: World) -> None:
    key = (await world.issued(KeyChange("ci", burst=SLOW, sustained=Rate(9, 3600)))).key
    changed = await world.change(key.id, KeyChange(burst=None), ANA, ACTOR)

    assert changed.rates == Rates(None, Rate(9, 3600))


async def test_as_a_whole_it_is_as_a_new_key_where_nothing_is_said(world: World) -> None:
    key = (await world.issued(ALL)).key
    world.clock.advance(DAY)
    changed = await world.change(key.id, KeyChange(name="new"), ANA, ACTOR, is_whole=True)

    assert (changed.name, changed.scopes) == ("new", DATA_SCOPES)
    assert changed.expires_at == NOON + DAY + EXPIRY_SECONDS
    assert (changed.allowed_networks, changed.rates, changed.is_enabled) == ((), NO_RATES, True)
    assert changed.created_at == NOON


async def test_a_change_is_written_down_with_what_changed(world: World) -> None:
    key = (await world.issued()).key
    await world.change(key.id, KeyChange(name="other", is_enabled=False), ANA, ACTOR)
    record = world.work.audit_records[-1]

    assert (record.action, record.target) == (Action.KEY_CHANGED, f"key:{key.id}")
    assert record.details == {"name": "other", "is_enabled": "false"}


async def test_every_process_forgets_a_changed_key(world: World) -> None:
    key = (await world.issued()).key
    await world.change(key.id, KeyChange(is_enabled=False), ANA, ACTOR)

    assert world.work.changes == [AccessChange("ana")]
    assert world.remembered.forgotten == ["ana"]


async def test_a_change_of_nothing_is_no_change(world: World) -> None:
    key = (await world.issued()).key
    await world.change(key.id, KeyChange(name=key.name), ANA, ACTOR)

    assert world.work.actions == [Action.KEY_ISSUED]
    assert (world.work.changes, world.remembered.forgotten) == ([], [])


async def test_anothers_key_is_not_found(world: World) -> None:
    key = (await world.issued()).key
    with pytest.raises(NotFound):
        await world.change(key.id, KeyChange(name="mine"), BEN, ACTOR)


async def test_a_key_that_is_not_there_is_not_found(world: World) -> None:
    with pytest.raises(NotFound):
        await world.change("nothing", KeyChange(name="mine"), ANA, ACTOR)


async def test_a_revoked_key_stays_as_it_is(world: World) -> None:
    key = (await world.issued()).key
    await world.revoke(key.id, None, ANA, ACTOR)
    with pytest.raises(KeyRevoked):
        await world.change(key.id, KeyChange(is_enabled=True), ANA, ACTOR)


async def test_a_scope_that_the_caller_lacks_cannot_be_given(world: World) -> None:
    key = (await world.issued()).key
    with pytest.raises(InsufficientScope):
        await world.change(key.id, KeyChange(scopes=frozenset({Scope.ADMIN})), ANA, ACTOR)


async def test_a_weaker_credential_does_not_change_a_stronger_key(world: World) -> None:
    key = (await world.issued(KeyChange("ci", frozenset({Scope.BILLING_WRITE})))).key
    weaker = replace(ANA, scopes=frozenset({Scope.KEYS_WRITE}))
    with pytest.raises(InsufficientScope):
        await world.change(key.id, KeyChange(name="mine"), weaker, ACTOR)


@pytest.mark.parametrize(
    "wanted",
    [KeyChange(expires_at=None), KeyChange(allowed_networks=()), KeyChange(burst=Rate(60, 60))],
)
async def test_a_key_cannot_loosen_itself(world: World, wanted: KeyChange) -> None:
    scopes = frozenset({Scope.KEYS_WRITE})
    issued = await world.issued(KeyChange("ci", scopes, NOON + DAY, (OFFICE,), SLOW))
    itself = (await world.verified(issued, "192.0.2.7")).caller
    with pytest.raises(InvalidParameter):
        await world.change(issued.key.id, wanted, itself, ACTOR)


async def test_a_key_may_tighten_itself(world: World) -> None:
    issued = await world.issued(KeyChange("ci", frozenset({Scope.KEYS_WRITE})))
    itself = (await world.verified(issued)).caller
    wanted = KeyChange(expires_at=NOON + 1, allowed_networks=(OFFICE,), burst=SLOW)

    assert (await world.change(issued.key.id, wanted, itself, ACTOR)).expires_at == NOON + 1


async def test_rates_that_an_operator_gave_stay_through_another_change(world: World) -> None:
    key = (await world.issued()).key
    fast = replace(key, rates=Rates(Rate(9999, 60)))
    world.work.tables.api_keys[key.id] = fast

    changed = await world.change(key.id, KeyChange(name="x"), ANA, ACTOR)

    assert (changed.name, changed.rates) == ("x", fast.rates)


async def test_a_scope_that_there_is_no_more_stays_and_hinders_nothing(world: World) -> None:
    key = (await world.issued()).key
    world.work.tables.api_keys[key.id] = replace(key, scopes=key.scopes | {"orders:read"})
    changed = await world.change(key.id, KeyChange(name="other"), ANA, ACTOR)

    assert changed.scopes == key.scopes | {"orders:read"}
    assert (await world.regenerate(key.id, ANA, ACTOR)).key.scopes == changed.scopes


async def test_a_scope_that_there_is_not_is_given_to_no_key(world: World) -> None:
    key = (await world.issued()).key

    with pytest.raises(InvalidParameter, match="scopes may hold account:read, "):
        await world.change(key.id, KeyChange(scopes=frozenset({"orders:read"})), ANA, ACTOR)
