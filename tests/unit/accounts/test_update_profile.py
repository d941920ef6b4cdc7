"""Change one's own profile."""

from dataclasses import replace

import pytest

from plg.application.identity.update_profile import Profile
from plg.domain.audit import Action
from plg.domain.errors import EmailTaken, InvalidLink, InvalidParameter, NotFound
from plg.domain.identity.accounts import Email
from tests.unit.accounts.world import ANA, BEN, HOME, OTHER, PASSWORD, World, token_in

MOVE = Profile(email=BEN, current_password=PASSWORD)


async def test_the_name_is_changed_and_taken_away(world: World) -> None:
    account = await world.account()

    assert (await world.update(account.id, Profile("Ana"), HOME)).name == "Ana"
    assert (await world.update(account.id, Profile(""), HOME)).name is None
    assert world.work.audit_records[-1].details == {"changed": "name"}


async def test_nothing_to_change_leaves_no_trace(world: World) -> None:
    account = await world.account()

    assert await world.update(account.id, Profile(email=ANA), HOME) == account
    assert world.work.actions == [Action.ACCOUNT_CREATED]


async def test_another_address_is_unverified_until_its_link_comes_back(world: World) -> None:
    account = await world.account()
    changed = await world.update(account.id, MOVE, HOME)
    letters = {mail.to: mail for mail in world.mail.sent}

    assert (changed.email, changed.is_verified) == (BEN, False)
    assert letters.keys() == {ANA.address, BEN.address}
    await world.verify(token_in(letters[BEN.address]), HOME)
    assert world.held(account).is_verified


async def test_links_to_the_former_address_are_void(world: World) -> None:
    account = await world.account()
    token = await world.reset_token()
    await world.update(account.id, MOVE, HOME)

    with pytest.raises(InvalidLink):
        await world.reset(token, OTHER, HOME)


@pytest.mark.parametrize("given", [None, OTHER])
async def test_another_address_needs_the_password(world: World, given: str | None) -> None:
    account = await world.account()

    with pytest.raises(InvalidParameter) as refusal:
        await world.update(account.id, replace(MOVE, current_password=given), HOME)
    assert refusal.value.parameter == "current_password"
    assert world.held(account) == account


async def test_the_same_address_in_other_letters_stays_verified(world: World) -> None:
    account = await world.account()
    changed = await world.update(account.id, replace(MOVE, email=Email("Ana@Example.org")), HOME)

    assert (changed.email.address, changed.is_verified) == ("Ana@Example.org", True)
    assert world.mail.sent == []


async def test_an_address_of_somebody_else_is_taken(world: World) -> None:
    account = await world.account()
    await world.account(BEN)

    with pytest.raises(EmailTaken):
        await world.update(account.id, MOVE, HOME)


async def test_an_account_that_is_gone_has_no_profile(world: World) -> None:
    with pytest.raises(NotFound):
        await world.update("nobody", Profile("Ana"), HOME)
