"""Verify an address."""

import pytest

from plg.application.identity.mailed_links import VERIFY_SECONDS
from plg.domain.audit import Action
from plg.domain.errors import InvalidLink, NotFound, TooManyAttempts
from plg.domain.identity.lockouts import FREE_FAILURES
from tests.unit.accounts.world import HOME, World, token_in


async def test_the_link_can_be_mailed_again(world: World) -> None:
    account = await world.account(is_verified=False)
    await world.send_verification(account.id)
    await world.verify(token_in(world.mail.sent[-1]), HOME)

    assert world.held(account).is_verified
    assert world.work.actions[-1] is Action.EMAIL_VERIFIED


async def test_a_link_works_once(world: World) -> None:
    account = await world.account(is_verified=False)
    await world.send_verification(account.id)
    token = token_in(world.mail.sent[-1])
    await world.verify(token, HOME)

    with pytest.raises(InvalidLink):
        await world.verify(token, HOME)


async def test_a_link_expires(world: World) -> None:
    account = await world.account(is_verified=False)
    await world.send_verification(account.id)
    world.clock.advance(VERIFY_SECONDS)

    with pytest.raises(InvalidLink):
        await world.verify(token_in(world.mail.sent[-1]), HOME)
    assert not world.held(account).is_verified


async def test_a_verified_address_gets_no_mail(world: World) -> None:
    account = await world.account()
    await world.send_verification(account.id)

    assert world.mail.sent == []


async def test_mail_is_not_sent_again_and_again(world: World) -> None:
    account = await world.account(is_verified=False)
    for _ in range(FREE_FAILURES):
        await world.send_verification(account.id)

    with pytest.raises(TooManyAttempts):
        await world.send_verification(account.id)


async def test_an_account_that_is_gone_gets_no_mail(world: World) -> None:
    with pytest.raises(NotFound):
        await world.send_verification("nobody")


async def test_a_link_to_set_a_password_verifies_nothing(world: World) -> None:
    await world.account(is_verified=False)

    with pytest.raises(InvalidLink):
        await world.verify(await world.reset_token(), HOME)
