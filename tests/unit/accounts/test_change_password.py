"""Change one's own password."""

from dataclasses import replace

import pytest

from plg.application.ports.identity.access_changes import AccessChange
from plg.domain.audit import Action
from plg.domain.errors import (
    InvalidLink,
    InvalidLogin,
    InvalidParameter,
    NotFound,
    TooManyAttempts,
    WeakPassword,
)
from plg.domain.identity.lockouts import FREE_FAILURES
from tests.fakes.passwords import PlainHasher
from tests.unit.accounts.world import ANA, HOME, OTHER, PASSWORD, World


async def test_the_new_password_does_and_the_old_one_does_not(world: World) -> None:
    account = await world.account()
    await world.change_password(account.id, PASSWORD, OTHER, HOME)

    assert (await world.enter(password=OTHER)).access_token
    with pytest.raises(InvalidLogin):
        await world.enter()


async def test_every_session_and_link_ends_and_every_process_is_told(world: World) -> None:
    account = await world.account()
    await world.enter()
    token = await world.reset_token()
    await world.change_password(account.id, PASSWORD, OTHER, HOME)

    assert [session.ended_reason for session in world.sessions] == ["password_changed"]
    assert world.work.changes == [AccessChange(account.id)]
    assert world.remembered.forgotten == [account.id]
    with pytest.raises(InvalidLink):
        await world.reset(token, PASSWORD, HOME)


async def test_it_is_written_down_and_the_owner_is_told(world: World) -> None:
    account = await world.account()
    await world.change_password(account.id, PASSWORD, OTHER, HOME)

    assert world.work.actions[-1] is Action.PASSWORD_CHANGED
    assert (world.mail.sent[-1].to, OTHER in world.mail.sent[-1].text) == (ANA.address, False)


async def test_the_current_password_is_needed(world: World) -> None:
    account = await world.account()

    with pytest.raises(InvalidParameter) as refusal:
        await world.change_password(account.id, OTHER, OTHER, HOME)
    assert refusal.value.parameter == "current_password"
    assert world.held(account) == account


async def test_a_stolen_session_cannot_be_used_to_guess_it(world: World) -> None:
    account = await world.account()
    for _ in range(FREE_FAILURES):
        with pytest.raises(InvalidParameter):
            await world.change_password(account.id, OTHER, OTHER, HOME)

    with pytest.raises(TooManyAttempts):
        await world.change_password(account.id, PASSWORD, OTHER, HOME)


async def test_a_success_forgets_the_failures(world: World) -> None:
    account = await world.account()
    with pytest.raises(InvalidParameter):
        await world.change_password(account.id, OTHER, OTHER, HOME)
    await world.change_password(account.id, PASSWORD, OTHER, HOME)

    assert world.work.tables.failures == {}


async def test_a_weak_password_is_refused_before_the_current_one_is_checked(world: World) -> None:
    account = await world.account()

    with pytest.raises(WeakPassword):
        await world.change_password(account.id, PASSWORD, "ana.example.org.ana", HOME)
    assert world.hasher.verifies == 0


async def test_an_account_that_is_gone_has_no_password(world: World) -> None:
    with pytest.raises(NotFound):
        await world.change_password("nobody", PASSWORD, OTHER, HOME)


class SlowHasher(PlainHasher):
    """Meanwhile somebody else changes the password."""

    def __init__(self, world: World) -> None:
        super().__init__()
        self._world = world

    async def hash(self, password: str) -> str:
        for account in list(self._world.work.tables.accounts.values()):
            await self._world.put(replace(account, password_hash="plain:changed meanwhile"))
        return await super().hash(password)


async def test_of_two_who_change_it_at_once_the_second_fails(world: World) -> None:
    account = await world.account()
    change = replace(world.change_password, hasher=SlowHasher(world))

    with pytest.raises(InvalidParameter):
        await change(account.id, PASSWORD, OTHER, HOME)
    assert world.held(account).password_hash == "plain:changed meanwhile"
