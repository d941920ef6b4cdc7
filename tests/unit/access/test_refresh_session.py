"""Each refresh token works once, and makes the next."""

import asyncio
from dataclasses import replace

import pytest

from plg.application.ports.identity.access_changes import AccessChange
from plg.domain.audit import Action
from plg.domain.errors import InvalidCredential, StorageUnavailable
from plg.domain.identity.access import DATA_SCOPES, Scope
from plg.domain.identity.accounts import ADMIN_SCOPES, USER_SCOPES, Role
from plg.domain.identity.keyring import Keyring
from plg.domain.identity.refresh_tokens import make_token
from tests.fakes.clock import NOON
from tests.unit.access.session_world import (
    ACTOR,
    ANA,
    REFRESH_SECONDS,
    SCANNER,
    SECRET,
    SessionWorld,
)


async def refused(world: SessionWorld, refresh_token: str) -> None:
    with pytest.raises(InvalidCredential):
        await world.refresh(refresh_token, ACTOR)


async def test_a_refresh_gives_a_new_pair(world: SessionWorld) -> None:
    first = await world.log_in()
    world.clock.advance(60)

    second = await world.refresh(first.refresh_token, ACTOR)

    assert second.refresh_token != first.refresh_token
    assert second.access_token != first.access_token
    assert (await world.verify(second.access_token))[0].session_id == world.session().id
    assert (await world.refresh(second.refresh_token, ACTOR)).scopes == USER_SCOPES


async def test_each_use_lets_the_session_last_longer(world: SessionWorld) -> None:
    tokens = await world.log_in()
    for _ in range(3):
        world.clock.advance(REFRESH_SECONDS - 1)
        tokens = await world.refresh(tokens.refresh_token, ACTOR)

    assert world.session().generation == 3
    assert world.session().expires_at == world.clock.now() + REFRESH_SECONDS


async def test_the_answer_of_a_refresh_can_be_had_again_for_ten_seconds(
    world: SessionWorld,
) -> None:
    first = await world.log_in()
    lost = await world.refresh(first.refresh_token, ACTOR)
    world.clock.advance(10)

    again = await world.refresh(first.refresh_token, ACTOR)

    assert again.refresh_token == lost.refresh_token
    assert again.access_token != lost.access_token
    assert world.session().generation == 1
    assert (await world.verify(again.access_token))[0].account_id == ANA.id


async def test_after_ten_seconds_a_reuse_ends_the_family(world: SessionWorld) -> None:
    first = await world.log_in()
    second = await world.refresh(first.refresh_token, ACTOR)
    world.clock.advance(10.1)

    await refused(world, first.refresh_token)

    await refused(world, second.refresh_token)
    with pytest.raises(InvalidCredential):
        await world.verify(second.access_token)


async def test_once_the_successor_was_used_a_reuse_ends_the_family(world: SessionWorld) -> None:
    first = await world.log_in()
    second = await world.refresh(first.refresh_token, ACTOR)
    third = await world.refresh(second.refresh_token, ACTOR)

    await refused(world, first.refresh_token)

    await refused(world, third.refresh_token)


async def test_a_reuse_is_written_down_told_and_forgotten(world: SessionWorld) -> None:
    first = await world.log_in()
    await world.refresh(first.refresh_token, ACTOR)
    world.clock.advance(11)

    await refused(world, first.refresh_token)
    await refused(world, first.refresh_token)

    (record,) = world.work.audit_records
    assert (record.action, record.actor) == (Action.REFRESH_REUSED, ACTOR)
    assert record.target == f"session:{world.session().id}"
    assert world.session().ended_reason == "refresh_reused"
    assert world.work.changes == [AccessChange(ANA.id)]
    assert world.remembered.forgotten == [ANA.id]
    assert first.refresh_token not in repr(record)


async def test_a_refresh_tells_nobody_to_forget(world: SessionWorld) -> None:
    await world.refresh((await world.log_in()).refresh_token, ACTOR)

    assert world.work.changes == []
    assert world.remembered.forgotten == []


async def test_other_sessions_of_the_account_go_on(world: SessionWorld) -> None:
    first, other = await world.log_in(), await world.log_in()
    await world.refresh(first.refresh_token, ACTOR)
    world.clock.advance(11)
    await refused(world, first.refresh_token)

    await world.refresh(other.refresh_token, ACTOR)


async def test_of_many_at_once_all_get_the_same_successor(world: SessionWorld) -> None:
    first = await world.log_in()

    pairs = await asyncio.gather(*(world.refresh(first.refresh_token, ACTOR) for _ in range(20)))

    assert len({pair.refresh_token for pair in pairs}) == 1
    assert world.session().generation == 1
    assert world.work.audit_records == []


async def test_what_is_no_token_of_ours_is_refused_without_a_look_up(world: SessionWorld) -> None:
    tokens = await world.log_in()
    world.work.is_down = True
    forged = make_token(world.session().id, 0, Keyring("another secret")).text

    for text in ("", "plg_rt_", forged, tokens.refresh_token[:-1], tokens.access_token):
        await refused(world, text)


async def test_an_unknown_session_is_refused(world: SessionWorld) -> None:
    await refused(world, make_token("0" * 26, 0, world.keyring).text)


async def test_a_generation_that_was_never_given_ends_the_family(world: SessionWorld) -> None:
    tokens = await world.log_in()

    await refused(world, make_token(world.session().id, 1, world.keyring).text)

    await refused(world, tokens.refresh_token)


async def test_an_expired_session_is_refused_without_effect(world: SessionWorld) -> None:
    tokens = await world.log_in()
    world.clock.advance(REFRESH_SECONDS)

    await refused(world, tokens.refresh_token)

    assert world.session().generation == 0
    assert world.work.audit_records == []


async def test_a_deactivated_account_is_refused_without_effect(world: SessionWorld) -> None:
    tokens = await world.log_in()
    await world.change_account(replace(ANA, is_active=False))

    await refused(world, tokens.refresh_token)

    assert world.session().generation == 0


async def test_a_revoked_device_is_refused() -> None:
    world = SessionWorld()
    await world.add(ANA, SCANNER)
    tokens = await world.log_in(device=SCANNER)
    assert (await world.refresh(tokens.refresh_token, ACTOR)).scopes == DATA_SCOPES

    await world.change_device(replace(SCANNER, revoked_at=NOON))

    await refused(world, tokens.refresh_token)


async def test_a_device_that_is_gone_is_refused(world: SessionWorld) -> None:
    tokens = await world.log_in(device=SCANNER)

    await refused(world, tokens.refresh_token)


async def test_who_is_no_admin_any_more_gets_no_admins_token() -> None:
    world, admin = SessionWorld(), replace(ANA, role=Role.ADMIN)
    await world.add(admin)
    tokens = await world.log_in(admin, ADMIN_SCOPES)
    await world.change_account(ANA)

    assert Scope.ADMIN not in (await world.refresh(tokens.refresh_token, ACTOR)).scopes


async def test_where_nothing_can_be_signed_nothing_is_spent(world: SessionWorld) -> None:
    tokens = await world.log_in()
    world.access_tokens.is_idle = True
    with pytest.raises(StorageUnavailable):
        await world.refresh(tokens.refresh_token, ACTOR)

    world.access_tokens.is_idle = False
    assert world.session().generation == 0
    await world.refresh(tokens.refresh_token, ACTOR)
    assert world.session().generation == 1


async def test_after_a_change_of_secret_a_token_still_works_once(world: SessionWorld) -> None:
    first = await world.log_in()
    world.under(Keyring("new", (SECRET,)))
    second = await world.refresh(first.refresh_token, ACTOR)
    again = await world.refresh(first.refresh_token, ACTOR)

    world.under(Keyring("new"))
    assert again.refresh_token == second.refresh_token
    await world.refresh(second.refresh_token, ACTOR)
    assert world.session().generation == 2


async def test_a_successor_of_the_former_secret_can_be_had_again(world: SessionWorld) -> None:
    first = await world.log_in()
    second = await world.refresh(first.refresh_token, ACTOR)
    world.under(Keyring("new", (SECRET,)))

    assert (await world.refresh(first.refresh_token, ACTOR)).refresh_token == second.refresh_token


async def test_without_the_former_secret_a_token_proves_nothing(world: SessionWorld) -> None:
    tokens = await world.log_in()
    world.under(Keyring("new"))

    await refused(world, tokens.refresh_token)

    assert world.work.audit_records == []
