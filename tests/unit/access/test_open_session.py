"""A session begins with a pair of tokens, of which only a digest is kept."""

from dataclasses import replace

import pytest

from plg.domain.errors import StorageUnavailable
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


async def test_a_log_in_gives_a_pair_of_tokens(world: SessionWorld) -> None:
    tokens = await world.log_in()

    assert tokens.expires_in == ACCESS_SECONDS
    assert tokens.scopes == USER_SCOPES
    caller, _ = await world.verify(tokens.access_token)
    assert caller.id == f"account:{ANA.id}"
    assert (await world.refresh(tokens.refresh_token, ACTOR)).scopes == USER_SCOPES


async def test_the_session_lasts_as_long_as_its_refresh_token(world: SessionWorld) -> None:
    await world.log_in()

    assert world.session().created_at == NOON
    assert world.session().expires_at == NOON + REFRESH_SECONDS
    assert world.session().generation == 0


async def test_the_database_holds_no_token(world: SessionWorld) -> None:
    tokens = await world.log_in()

    kept = repr(world.work.tables)
    assert tokens.refresh_token not in kept
    assert tokens.refresh_token[-43:] not in kept
    assert tokens.access_token not in kept


async def test_tokens_are_not_shown(world: SessionWorld) -> None:
    tokens = await world.log_in()

    assert tokens.refresh_token not in repr(tokens)
    assert tokens.access_token not in repr(tokens)


async def test_what_the_account_may_not_do_is_left_out(world: SessionWorld) -> None:
    tokens = await world.log_in(scopes=frozenset({Scope.ADMIN, Scope.PLAYERS_READ}))

    assert tokens.scopes == {Scope.PLAYERS_READ}


async def test_an_admin_has_what_admins_may() -> None:
    world, admin = SessionWorld(), replace(ANA, role=Role.ADMIN)
    await world.add(admin)

    assert (await world.log_in(admin, ADMIN_SCOPES)).scopes == ADMIN_SCOPES


async def test_what_the_device_may_not_do_is_left_out() -> None:
    world = SessionWorld()
    await world.add(ANA, SCANNER)

    tokens = await world.log_in(device=SCANNER)

    assert tokens.scopes == DATA_SCOPES
    assert world.session().device_id == SCANNER.id


async def test_without_a_key_to_sign_with_there_is_no_session(world: SessionWorld) -> None:
    world.access_tokens.is_idle = True

    with pytest.raises(StorageUnavailable):
        await world.log_in()

    assert not world.work.tables.sessions
