"""A link that the operator hands over."""

from dataclasses import replace

import pytest

from plg.application.identity.mailed_links import RESET_SECONDS
from plg.application.identity.make_reset_link import MakeResetLink
from plg.domain.audit import OPERATOR, Action
from plg.domain.errors import AccountInactive, InvalidLink, NotFound
from tests.unit.accounts.world import ANA, BASE_URL, HOME, OTHER, World


@pytest.fixture
def make_link(world: World) -> MakeResetLink:
    return MakeResetLink(world.changes, world.links)


def token_of(url: str) -> str:
    start = f"{BASE_URL}/api/v1/auth/password/reset?token="
    assert url.startswith(start)
    return url.removeprefix(start)


async def test_the_link_sets_the_password_once(world: World, make_link: MakeResetLink) -> None:
    account = await world.account()
    token = token_of((await make_link(account.id, OPERATOR)).url)
    await world.reset(token, OTHER, HOME)
    await world.enter(ANA, OTHER)

    with pytest.raises(InvalidLink):
        await world.reset(token, OTHER, HOME)


async def test_the_link_ends_when_it_says(world: World, make_link: MakeResetLink) -> None:
    account = await world.account()
    made = await make_link(account.id, OPERATOR)
    assert made.expires_at == world.clock.now() + RESET_SECONDS
    world.clock.advance(RESET_SECONDS)

    with pytest.raises(InvalidLink):
        await world.reset(token_of(made.url), OTHER, HOME)


async def test_a_link_that_was_mailed_before_is_void(
    world: World, make_link: MakeResetLink
) -> None:
    account = await world.account()
    mailed = await world.reset_token()
    await make_link(account.id, OPERATOR)

    with pytest.raises(InvalidLink):
        await world.reset(mailed, OTHER, HOME)


async def test_it_is_written_down_without_the_link(world: World, make_link: MakeResetLink) -> None:
    account = await world.account()
    made = await make_link(account.id, OPERATOR)
    record = world.work.tables.audit[-1]

    assert (record.action, record.target) == (Action.RESET_LINK_MADE, f"account:{account.id}")
    assert token_of(made.url) not in repr(record)


async def test_a_deactivated_account_gets_none(world: World, make_link: MakeResetLink) -> None:
    account = await world.account()
    await world.put(replace(account, is_active=False))

    with pytest.raises(AccountInactive):
        await make_link(account.id, OPERATOR)


async def test_an_account_that_is_not_there_is_said(make_link: MakeResetLink) -> None:
    with pytest.raises(NotFound):
        await make_link("nobody", OPERATOR)
