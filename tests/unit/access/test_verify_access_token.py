"""An access token is good while its session is, whatever it says itself."""

import asyncio
import json
from dataclasses import replace

import pytest

from plg.application.identity.verify_token import TokenKind
from plg.domain.audit import Action
from plg.domain.errors import InvalidCredential, StorageUnavailable
from plg.domain.identity.access import DATA_SCOPES, Scope
from plg.domain.identity.accounts import ADMIN_SCOPES, USER_SCOPES, Role
from tests.fakes.clock import NOON
from tests.unit.access.session_world import (
    ACCESS_SECONDS,
    ACTOR,
    ANA,
    REFRESH_SECONDS,
    SCANNER,
    SessionWorld,
)


async def refused(world: SessionWorld, token: str) -> None:
    with pytest.raises(InvalidCredential):
        await world.verify(token)
    assert await world.look_at(token) is None


async def rotated_elsewhere(world: SessionWorld) -> str:
    """Return a token that another process signed with a key that is not known here."""
    tokens = await world.log_in()
    key = replace(world.access_tokens.new_key(NOON), active_at=NOON)
    async with world.work.change() as work:
        await work.signing_keys.add(key)
    return json.dumps({**json.loads(tokens.access_token), "kid": key.id})


async def test_it_tells_who_asks_and_how_long_that_holds(world: SessionWorld) -> None:
    tokens = await world.log_in()

    caller, valid_until = await world.verify(tokens.access_token)

    assert caller.id == f"account:{ANA.id}"
    assert (caller.account_id, caller.device_id, caller.key_id) == (ANA.id, None, None)
    assert caller.session_id == world.session().id
    assert caller.scopes == USER_SCOPES
    assert caller.is_limited
    assert valid_until == NOON + ACCESS_SECONDS


async def test_it_holds_no_longer_than_the_session(world: SessionWorld) -> None:
    tokens = await world.log_in()
    held = world.session()
    world.work.tables.sessions[held.id] = replace(held, expires_at=NOON + 5)

    assert (await world.verify(tokens.access_token))[1] == NOON + 5


async def test_a_devices_token_names_the_device() -> None:
    world = SessionWorld()
    await world.add(ANA, SCANNER)

    caller, _ = await world.verify((await world.log_in(device=SCANNER)).access_token)

    assert caller.id == "device:scanner-1"
    assert (caller.account_id, caller.device_id) == (ANA.id, "scanner-1")
    assert caller.scopes == DATA_SCOPES


async def test_an_expired_token_is_refused(world: SessionWorld) -> None:
    tokens = await world.log_in()
    world.clock.advance(ACCESS_SECONDS)

    await refused(world, tokens.access_token)


async def test_a_token_of_an_ended_session_is_refused(world: SessionWorld) -> None:
    tokens = await world.log_in()
    async with world.work.change() as work:
        await work.sessions.end(world.session().id, "password_changed", NOON)

    await refused(world, tokens.access_token)
    assert await world.look_at(tokens.refresh_token) is None


async def test_a_token_of_a_session_that_is_gone_is_refused(world: SessionWorld) -> None:
    tokens = await world.log_in()
    world.work.tables.sessions.clear()

    await refused(world, tokens.access_token)
    assert await world.look_at(tokens.refresh_token) is None


async def test_a_token_of_a_deactivated_account_is_refused(world: SessionWorld) -> None:
    tokens = await world.log_in()
    await world.change_account(replace(ANA, is_active=False))

    await refused(world, tokens.access_token)
    assert await world.look_at(tokens.refresh_token) is None


async def test_a_token_of_a_revoked_device_is_refused() -> None:
    world = SessionWorld()
    await world.add(ANA, SCANNER)
    tokens = await world.log_in(device=SCANNER)
    await world.change_device(replace(SCANNER, revoked_at=NOON))

    await refused(world, tokens.access_token)


async def test_a_token_that_contradicts_its_session_is_refused(world: SessionWorld) -> None:
    tokens = await world.log_in()
    said = json.loads(tokens.access_token)

    await refused(world, json.dumps({**said, "sub": "somebody else"}))


async def test_a_refresh_token_is_no_access_token(world: SessionWorld) -> None:
    tokens = await world.log_in()

    with pytest.raises(InvalidCredential):
        await world.verify(tokens.refresh_token)


async def test_who_is_no_admin_any_more_may_no_more_than_a_user() -> None:
    world, admin = SessionWorld(), replace(ANA, role=Role.ADMIN)
    await world.add(admin)
    tokens = await world.log_in(admin, ADMIN_SCOPES)
    await world.change_account(ANA)

    assert Scope.ADMIN not in (await world.verify(tokens.access_token))[0].scopes


async def test_a_key_of_another_process_is_read_when_it_is_first_named(
    world: SessionWorld,
) -> None:
    token = await rotated_elsewhere(world)

    callers = await asyncio.gather(*(world.verify(token) for _ in range(5)))

    assert {caller.account_id for caller, _ in callers} == {ANA.id}
    assert world.access_tokens.uses == 2


async def test_names_of_keys_that_do_not_exist_make_it_read_once_in_five_seconds(
    world: SessionWorld,
) -> None:
    tokens = await world.log_in()
    forged = json.dumps({**json.loads(tokens.access_token), "kid": "none of ours"})
    before = world.access_tokens.uses

    for _ in range(10):
        await refused(world, forged)
    assert world.access_tokens.uses == before + 1

    world.clock.advance(5)
    await refused(world, forged)
    assert world.access_tokens.uses == before + 2


async def test_a_database_that_is_down_is_no_bad_credential(world: SessionWorld) -> None:
    tokens = await world.log_in()
    world.work.is_down = True

    for token in (tokens.access_token, tokens.refresh_token):
        with pytest.raises(StorageUnavailable):
            await world.look_at(token)


async def test_a_look_at_an_access_token_tells_what_it_says(world: SessionWorld) -> None:
    tokens = await world.log_in()

    facts = await world.look_at(tokens.access_token)

    assert facts is not None
    assert facts.kind is TokenKind.ACCESS
    assert (facts.subject, facts.client_id) == (ANA.id, "plg")
    assert facts.session_id == world.session().id
    assert facts.scopes == USER_SCOPES
    assert (facts.issued_at, facts.expires_at) == (NOON, NOON + ACCESS_SECONDS)
    assert facts.token_id


async def test_a_look_at_a_refresh_token_does_not_use_it(world: SessionWorld) -> None:
    tokens = await world.log_in()

    facts = await world.look_at(tokens.refresh_token)

    assert facts is not None
    assert facts.kind is TokenKind.REFRESH
    assert (facts.subject, facts.token_id) == (ANA.id, None)
    assert facts.expires_at == NOON + REFRESH_SECONDS
    assert world.session().generation == 0
    await world.refresh(tokens.refresh_token, ACTOR)


async def test_a_look_at_a_spent_refresh_token_finds_nothing_and_ends_nothing(
    world: SessionWorld,
) -> None:
    tokens = await world.log_in()
    await world.refresh(tokens.refresh_token, ACTOR)
    world.clock.advance(60)

    assert await world.look_at(tokens.refresh_token) is None
    assert Action.REFRESH_REUSED not in world.work.actions
