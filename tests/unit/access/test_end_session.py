"""Who logs out ends a session, and only one of their own."""

from dataclasses import replace

import pytest

from plg.application.ports.identity.access_changes import AccessChange
from plg.domain.audit import Action, Actor
from plg.domain.errors import InvalidCredential, InvalidParameter, InvalidRequest
from plg.domain.identity.access import DATA_SCOPES, Caller
from plg.domain.identity.accounts import Email
from plg.domain.identity.refresh_tokens import make_token
from plg.domain.identity.sessions import Tokens
from tests.unit.access.session_world import ACTOR, ANA, SessionWorld

BOB = replace(ANA, id="01JDG7Q4X2ZC8M5W9K3T6V1B0B", email=Email("bob@example.org"))
KEY = Caller("key:1", DATA_SCOPES, account_id=ANA.id, key_id="1")
SERVICE = Caller("service", DATA_SCOPES, is_limited=False)


async def caller_of(world: SessionWorld, tokens: Tokens) -> Caller:
    return (await world.verify(tokens.access_token))[0]


async def is_live(world: SessionWorld, tokens: Tokens) -> bool:
    try:
        await world.verify(tokens.access_token)
    except InvalidCredential:
        return False
    return True


async def test_a_log_out_ends_the_session_of_the_access_token(world: SessionWorld) -> None:
    tokens, other = await world.log_in(), await world.log_in()

    await world.end(await caller_of(world, tokens), None, ACTOR)

    assert not await is_live(world, tokens)
    assert await is_live(world, other)
    with pytest.raises(InvalidCredential):
        await world.refresh(tokens.refresh_token, ACTOR)


async def test_it_is_written_down_told_and_forgotten(world: SessionWorld) -> None:
    tokens = await world.log_in()
    actor = Actor(f"account:{ANA.id}", ANA.id, "192.0.2.1", "request-1")

    await world.end(await caller_of(world, tokens), None, actor)

    (record,) = world.work.audit_records
    assert (record.action, record.actor) == (Action.LOGGED_OUT, actor)
    assert record.target == f"session:{world.session().id}"
    assert world.session().ended_reason == "logged_out"
    assert world.work.changes == [AccessChange(ANA.id)]
    assert world.remembered.forgotten == [ANA.id]


async def test_a_refresh_token_names_a_session_too(world: SessionWorld) -> None:
    tokens = await world.log_in()

    await world.end(KEY, tokens.refresh_token, ACTOR)

    assert not await is_live(world, tokens)


async def test_both_are_ended_where_both_are_named(world: SessionWorld) -> None:
    tokens, other = await world.log_in(), await world.log_in()

    await world.end(await caller_of(world, tokens), other.refresh_token, ACTOR)

    assert not await is_live(world, tokens)
    assert not await is_live(world, other)


async def test_the_same_session_named_twice_is_ended_once(world: SessionWorld) -> None:
    tokens = await world.log_in()

    await world.end(await caller_of(world, tokens), tokens.refresh_token, ACTOR)

    assert world.work.actions == [Action.LOGGED_OUT]


async def test_a_spent_refresh_token_still_names_its_session(world: SessionWorld) -> None:
    tokens = await world.log_in()
    await world.refresh(tokens.refresh_token, ACTOR)

    await world.end(KEY, tokens.refresh_token, ACTOR)

    assert world.work.actions == [Action.LOGGED_OUT]


async def test_a_session_that_has_ended_or_is_gone_stays_so(world: SessionWorld) -> None:
    tokens = await world.log_in()
    await world.end(KEY, tokens.refresh_token, ACTOR)

    await world.end(KEY, tokens.refresh_token, ACTOR)
    await world.end(KEY, make_token("0" * 26, 0, world.keyring).text, ACTOR)

    assert world.work.actions == [Action.LOGGED_OUT]


@pytest.mark.parametrize("stranger", [replace(KEY, account_id=BOB.id), SERVICE])
async def test_nobody_ends_a_session_of_somebody_else(
    world: SessionWorld, stranger: Caller
) -> None:
    tokens = await world.log_in()

    with pytest.raises(InvalidParameter, match="none of this account's"):
        await world.end(stranger, tokens.refresh_token, ACTOR)

    assert await is_live(world, tokens)


async def test_a_refresh_token_that_is_none_ends_nothing(world: SessionWorld) -> None:
    tokens = await world.log_in()

    with pytest.raises(InvalidParameter):
        await world.end(await caller_of(world, tokens), "plg_rt_forged", ACTOR)

    assert await is_live(world, tokens)


async def test_somebody_must_say_which_session_is_meant(world: SessionWorld) -> None:
    with pytest.raises(InvalidRequest, match="refresh_token"):
        await world.end(KEY, None, ACTOR)
