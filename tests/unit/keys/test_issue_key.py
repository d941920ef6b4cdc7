"""Make a key."""

from dataclasses import replace

import pytest

from plg.domain.audit import Action, Actor
from plg.domain.errors import (
    InsufficientScope,
    InvalidCredential,
    InvalidParameter,
    StorageUnavailable,
    TooManyHeld,
)
from plg.domain.identity.access import DATA_SCOPES, Caller, Scope
from plg.domain.identity.accounts import Role
from plg.domain.identity.api_key_changes import NOT_GIVEN, KeyChange
from plg.domain.identity.api_key_fields import EXPIRY_SECONDS, KEYS_MAX
from plg.domain.identity.networks import parse_network
from plg.domain.limits.rates import NO_RATES, Rate, Rates
from tests.fakes.clock import NOON
from tests.unit.keys.world import ACTOR, ANA, DAY, World

SCOPES = frozenset({Scope.PLAYERS_READ, Scope.KEYS_WRITE})
OFFICE, DESK = parse_network("192.0.2.0/24"), parse_network("192.0.2.7/32")
FAST, SLOW = Rate(1000, 60), Rate(5, 60)


async def a_key_as_maker(world: World, change: KeyChange) -> Caller:
    """Return a caller that uses a key which may make keys."""
    return (await world.verified(await world.issued(change), "192.0.2.7")).caller


async def test_a_key_belongs_to_who_makes_it(world: World) -> None:
    assert (await world.issued()).key.account_id == "ana"


async def test_a_key_reads_data_for_a_year_where_nothing_else_is_said(world: World) -> None:
    key = (await world.issued()).key

    assert (key.scopes, key.expires_at) == (DATA_SCOPES, NOON + EXPIRY_SECONDS)
    assert (key.allowed_networks, key.rates, key.is_enabled) == ((), NO_RATES, True)


async def test_a_key_is_as_it_was_wished(world: World) -> None:
    change = KeyChange("ci", SCOPES, None, (OFFICE,), SLOW, Rate(10, 3600), is_enabled=False)
    key = (await world.issued(change)).key

    assert (key.name, key.scopes, key.expires_at) == ("ci", SCOPES, None)
    assert key.allowed_networks == (OFFICE,)
    assert (key.rates, key.is_enabled) == (Rates(SLOW, Rate(10, 3600)), False)


async def test_a_key_is_kept_without_its_secret(world: World) -> None:
    issued = await world.issued()

    assert world.key(issued.key.id) == issued.key
    assert issued.secret.reveal()[17:] not in str(world.work.tables)
    assert issued.key.prefix == issued.secret.prefix


async def test_making_a_key_is_written_down(world: World) -> None:
    issued = await world.issued(KeyChange(name="ci"))
    (record,) = world.work.audit_records

    assert (record.action, record.target) == (Action.KEY_ISSUED, f"key:{issued.key.id}")
    assert (record.actor, record.at) == (ACTOR, NOON)
    assert record.details == {
        "name": "ci",
        "prefix": issued.key.prefix,
        "scopes": "players:read vehicles:read",
    }


async def test_a_scope_that_the_maker_lacks_is_refused(world: World) -> None:
    with pytest.raises(InsufficientScope) as caught:
        await world.issued(KeyChange("ci", frozenset({Scope.ADMIN, Scope.PLAYERS_READ})))

    assert caught.value.scope == Scope.ADMIN
    assert world.work.tables.api_keys == {}


async def test_a_scope_that_the_account_lost_since_is_refused(world: World) -> None:
    admin = replace(ANA, scopes=Role.ADMIN.scopes)
    with pytest.raises(InsufficientScope):
        await world.issued(KeyChange("ci", frozenset({Scope.ADMIN})), admin)


async def test_who_may_not_read_data_makes_no_key_by_default(world: World) -> None:
    with pytest.raises(InsufficientScope):
        await world.issued(caller=replace(ANA, scopes=frozenset({Scope.KEYS_WRITE})))


async def test_who_may_read_some_data_makes_a_key_for_it(world: World) -> None:
    maker = replace(ANA, scopes=SCOPES)

    assert (await world.issued(caller=maker)).key.scopes == {Scope.PLAYERS_READ}


@pytest.mark.parametrize("account_id", [None, "nobody"])
async def test_who_has_no_account_makes_no_key(world: World, account_id: str | None) -> None:
    with pytest.raises(InvalidCredential):
        await world.issued(caller=replace(ANA, account_id=account_id))


async def test_a_deactivated_account_makes_no_key(world: World) -> None:
    world.work.tables.accounts["ana"] = replace(world.work.tables.accounts["ana"], is_active=False)
    with pytest.raises(InvalidCredential):
        await world.issued()


async def test_an_account_has_at_most_a_hundred_keys_that_are_not_revoked(world: World) -> None:
    keys = [(await world.issued()).key for _ in range(KEYS_MAX)]
    with pytest.raises(TooManyHeld, match="100"):
        await world.issued()
    await world.revoke(keys[0].id, None, ANA, ACTOR)
    await world.issued()


async def test_an_expiry_in_the_past_is_refused(world: World) -> None:
    with pytest.raises(InvalidParameter, match="expires_at"):
        await world.issued(KeyChange("ci", expires_at=NOON))


@pytest.mark.parametrize("rate", [FAST, Rate(61, 60), Rate(60, 1), Rate(2, 1), Rate(61, 3600)])
async def test_rates_above_the_usual_are_for_admins_to_give(world: World, rate: Rate) -> None:
    with pytest.raises(InvalidParameter, match=r"limits\.burst must be at most 60/minute"):
        await world.issued(KeyChange("ci", burst=rate))


async def test_an_admin_gives_any_rates(world: World) -> None:
    ana = world.work.tables.accounts["ana"]
    world.work.tables.accounts["ana"] = replace(ana, role=Role.ADMIN)
    admin = replace(ANA, scopes=Role.ADMIN.scopes)

    assert (await world.issued(KeyChange("ci", burst=FAST), admin)).key.rates == Rates(FAST)


async def test_a_key_may_make_a_key_like_itself(world: World) -> None:
    maker = await a_key_as_maker(world, KeyChange("maker", SCOPES, NOON + DAY, (OFFICE,), SLOW))
    key = (await world.issued(KeyChange("made"), maker)).key

    assert (key.scopes, key.expires_at) == (frozenset({Scope.PLAYERS_READ}), NOON + DAY)
    assert (key.allowed_networks, key.rates) == ((OFFICE,), Rates(SLOW))


@pytest.mark.parametrize(
    ("change", "parameter"),
    [
        (KeyChange("made", expires_at=None), "expires_at"),
        (KeyChange("made", expires_at=NOON + DAY + 1), "expires_at"),
        (KeyChange("made", allowed_networks=()), "allowed_networks"),
        (KeyChange("made", allowed_networks=(DESK, parse_network("::/0"))), "allowed_networks"),
        (KeyChange("made", burst=None), "limits.burst"),
        (KeyChange("made", burst=Rate(6, 60)), "limits.burst"),
    ],
)
async def test_a_key_makes_none_that_is_more_than_itself(
    world: World, change: KeyChange, parameter: str
) -> None:
    maker = await a_key_as_maker(world, KeyChange("maker", SCOPES, NOON + DAY, (OFFICE,), SLOW))
    with pytest.raises(InvalidParameter) as caught:
        await world.issued(change, maker)

    assert caught.value.parameter == parameter


async def test_a_key_may_make_one_that_is_less(world: World) -> None:
    maker = await a_key_as_maker(world, KeyChange("maker", SCOPES, NOON + DAY, (OFFICE,)))
    change = KeyChange("made", SCOPES, NOON + 1, (DESK,), SLOW)

    assert (await world.issued(change, maker)).key.allowed_networks == (DESK,)


async def test_a_key_that_was_revoked_meanwhile_makes_none(world: World) -> None:
    maker = await a_key_as_maker(world, KeyChange("maker", SCOPES))
    await world.revoke(maker.key_id or "", None, ANA, ACTOR)
    with pytest.raises(InvalidCredential):
        await world.issued(caller=maker)


async def test_a_database_that_is_down_makes_none(world: World) -> None:
    world.work.is_down = True
    with pytest.raises(StorageUnavailable):
        await world.issue(KeyChange("ci"), ANA, Actor("account:ana"))


def test_what_is_unsaid_is_so_called() -> None:
    assert repr(KeyChange().name) == repr(NOT_GIVEN) == "NOT_GIVEN"
