"""Change what an account may do."""

import asyncio

import pytest

from plg.application.identity.change_account import AccountPatch
from plg.application.ports.identity.access_changes import AccessChange
from plg.domain.audit import OPERATOR, Action
from plg.domain.errors import AccountInactive, InvalidLink, LastAdmin, NotFound
from plg.domain.identity.accounts import Role
from tests.unit.accounts.world import ANA, BEN, HOME, OTHER, World

DEACTIVATED = AccountPatch(is_active=False)


async def test_deactivating_ends_every_session_and_tells_every_process(world: World) -> None:
    account = await world.account()
    await world.enter()
    changed = await world.change(account.id, DEACTIVATED, HOME)

    assert (changed.is_active, world.held(account).is_active) == (False, False)
    assert [session.ended_reason for session in world.sessions] == ["deactivated"]
    assert world.work.changes == [AccessChange(account.id)]
    assert world.remembered.forgotten == [account.id]
    with pytest.raises(AccountInactive):
        await world.enter()


async def test_deactivating_makes_mailed_links_void(world: World) -> None:
    account = await world.account()
    token = await world.reset_token()
    await world.change(account.id, DEACTIVATED, HOME)
    await world.change(account.id, AccountPatch(is_active=True), HOME)

    with pytest.raises(InvalidLink):
        await world.reset(token, OTHER, HOME)


async def test_an_account_can_be_activated_again(world: World) -> None:
    account = await world.account()
    await world.change(account.id, DEACTIVATED, HOME)
    await world.change(account.id, AccountPatch(is_active=True), HOME)

    assert (await world.enter()).access_token
    assert Action.ACCOUNT_ACTIVATED in world.work.actions


async def test_another_role_ends_every_session(world: World) -> None:
    account = await world.account()
    await world.enter()
    await world.change(account.id, AccountPatch(role=Role.ADMIN), HOME)
    record = world.work.audit_records[-1]

    assert [session.ended_reason for session in world.sessions] == ["role_changed"]
    assert (record.action, record.actor) == (Action.ACCOUNT_ROLE_CHANGED, HOME)
    assert record.details == {"from": "user", "to": "admin"}


async def test_nothing_to_change_ends_nothing(world: World) -> None:
    account = await world.account()
    await world.enter()
    await world.change(account.id, AccountPatch(is_active=True, role=Role.USER), HOME)

    assert [session.ended_at for session in world.sessions] == [None]
    assert world.work.changes == []


@pytest.mark.parametrize("wanted", [DEACTIVATED, AccountPatch(role=Role.USER)])
async def test_the_last_admin_stays(world: World, wanted: AccountPatch) -> None:
    account = await world.account(role=Role.ADMIN)
    await world.account(BEN)

    with pytest.raises(LastAdmin):
        await world.change(account.id, wanted, OPERATOR)
    assert world.held(account) == account


async def test_an_admin_who_was_deactivated_does_not_count(world: World) -> None:
    ana = await world.account(ANA, role=Role.ADMIN)
    ben = await world.account(BEN, role=Role.ADMIN)
    await world.change(ben.id, DEACTIVATED, HOME)

    with pytest.raises(LastAdmin):
        await world.change(ana.id, DEACTIVATED, HOME)


async def test_of_two_admins_who_deactivate_each_other_one_stays(world: World) -> None:
    ana = await world.account(ANA, role=Role.ADMIN)
    ben = await world.account(BEN, role=Role.ADMIN)
    outcomes = await asyncio.gather(
        world.change(ana.id, DEACTIVATED, HOME),
        world.change(ben.id, DEACTIVATED, HOME),
        return_exceptions=True,
    )

    assert sum(isinstance(outcome, LastAdmin) for outcome in outcomes) == 1
    assert sum(world.held(account).is_active for account in (ana, ben)) == 1


async def test_an_account_that_is_not_there_cannot_be_changed(world: World) -> None:
    with pytest.raises(NotFound):
        await world.change("nobody", DEACTIVATED, HOME)
