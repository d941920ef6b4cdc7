"""Make an account, as the operator does."""

import pytest

from plg.application.identity.mailed_links import INVITATION_SECONDS
from plg.domain.audit import OPERATOR, Action
from plg.domain.errors import EmailTaken, InvalidLink, WeakPassword
from plg.domain.identity.accounts import Role
from tests.unit.accounts.world import ANA, BASE_URL, HOME, PASSWORD, World


async def test_an_account_with_a_password_can_log_in_at_once(world: World) -> None:
    made = await world.create(ANA, "Ana", Role.ADMIN, PASSWORD, OPERATOR)

    assert (made.url, made.account.role, made.account.is_verified) == (None, Role.ADMIN, True)
    assert (await world.enter()).access_token


async def test_an_account_without_one_has_a_link_to_set_it(world: World) -> None:
    made = await world.create(ANA, None, Role.USER, None, OPERATOR)
    assert made.url is not None
    assert made.url.startswith(f"{BASE_URL}/api/v1/auth/password/reset?token=")
    await world.reset(made.url.partition("token=")[2], PASSWORD, HOME)

    assert (await world.enter()).access_token


async def test_an_invitation_expires(world: World) -> None:
    made = await world.create(ANA, None, Role.USER, None, OPERATOR)
    world.clock.advance(INVITATION_SECONDS)

    with pytest.raises(InvalidLink):
        await world.reset((made.url or "").partition("token=")[2], PASSWORD, HOME)


async def test_the_operator_cannot_set_a_weak_password_either(world: World) -> None:
    with pytest.raises(WeakPassword):
        await world.create(ANA, None, Role.USER, "password12345678", OPERATOR)


async def test_an_address_has_one_account(world: World) -> None:
    await world.account()

    with pytest.raises(EmailTaken):
        await world.create(ANA, None, Role.USER, None, OPERATOR)
    assert world.work.actions == [Action.ACCOUNT_CREATED]
