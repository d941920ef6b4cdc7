"""Forget a password, and set another with a mailed link."""

import asyncio
from dataclasses import replace

import pytest

from plg.application.identity.background_tasks import BackgroundTasks
from plg.application.identity.mailed_links import RESET_SECONDS
from plg.application.ports.identity.access_changes import AccessChange
from plg.domain.audit import Action
from plg.domain.errors import AccountInactive, Busy, InvalidLink, WeakPassword
from plg.domain.identity.accounts import Email
from plg.domain.identity.keyring import Keyring
from plg.domain.identity.lockouts import FREE_FAILURES
from tests.unit.accounts.world import (
    ANA,
    BASE_URL,
    BEN,
    HOME,
    NOBODY,
    OTHER,
    PASSWORD,
    World,
    token_in,
)


async def test_a_link_is_mailed_to_who_has_an_account(world: World) -> None:
    await world.account()
    mail = await world.letter()

    assert mail is not None
    assert mail.to == ANA.address
    assert f"{BASE_URL}/api/v1/auth/password/reset?token=" in mail.text
    assert world.work.actions[-1] is Action.PASSWORD_FORGOTTEN


async def test_nothing_happens_before_the_answer(world: World) -> None:
    await world.account()
    commits = world.work.commits
    world.forgot(ANA, HOME)

    assert (world.work.commits, world.mail.sent) == (commits, [])
    await world.behind.drain()
    assert len(world.mail.sent) == 1


async def test_who_has_no_account_gets_no_mail(world: World) -> None:
    assert await world.letter(NOBODY) is None


async def test_who_was_deactivated_gets_no_mail(world: World) -> None:
    await world.put(replace(await world.account(), is_active=False))

    assert await world.letter() is None


async def test_who_asks_again_and_again_does_not_fill_a_mailbox(world: World) -> None:
    await world.account()
    letters = [await world.letter() for _ in range(20)]
    world.clock.advance(900)

    assert sum(letter is not None for letter in letters) == FREE_FAILURES
    assert await world.letter() is not None


async def test_past_a_bound_no_more_mail_is_made_ready(world: World) -> None:
    await world.account()
    bounded = replace(world.forgot, behind=BackgroundTasks(world.observer, tasks_max=1))
    bounded(ANA, HOME)

    with pytest.raises(Busy):
        bounded(ANA, HOME)
    await bounded.behind.drain()


async def test_what_cannot_be_done_behind_an_answer_is_told_to_the_operator(world: World) -> None:
    await world.account()
    world.work.is_down = True

    assert await world.letter() is None
    assert world.observer.undone == [("mail_password_reset", "the database is down")]


async def test_the_link_sets_a_password_once(world: World) -> None:
    await world.account()
    token = await world.reset_token()
    await world.reset(token, OTHER, HOME)

    assert (await world.enter(password=OTHER)).access_token
    with pytest.raises(InvalidLink):
        await world.reset(token, PASSWORD, HOME)


async def test_one_link_used_twice_at_once_works_once(world: World) -> None:
    await world.account()
    token = await world.reset_token()
    outcomes = await asyncio.gather(
        *(world.reset(token, OTHER, HOME) for _ in range(10)), return_exceptions=True
    )

    assert sum(outcome is None for outcome in outcomes) == 1
    assert sum(isinstance(outcome, InvalidLink) for outcome in outcomes) == 9


async def test_every_session_ends_and_every_process_is_told(world: World) -> None:
    account = await world.account()
    await world.enter()
    await world.reset(await world.reset_token(), OTHER, HOME)

    assert [session.ended_reason for session in world.sessions] == ["password_reset"]
    assert world.work.changes == [AccessChange(account.id)]
    assert world.remembered.forgotten == [account.id]


async def test_it_verifies_the_address_too(world: World) -> None:
    account = await world.account(is_verified=False)
    await world.reset(await world.reset_token(), OTHER, HOME)

    assert world.held(account).is_verified


async def test_it_is_written_down_as_the_owners_doing(world: World) -> None:
    account = await world.account()
    await world.reset(await world.reset_token(), OTHER, HOME)
    record = world.work.audit_records[-1]

    assert (record.action, record.actor.account_id) == (Action.PASSWORD_RESET, account.id)


async def test_a_newer_link_makes_an_older_one_void(world: World) -> None:
    await world.account()
    older, newer = await world.reset_token(), await world.reset_token()

    with pytest.raises(InvalidLink):
        await world.reset(older, OTHER, HOME)
    await world.reset(newer, OTHER, HOME)


async def test_a_link_expires(world: World) -> None:
    await world.account()
    token = await world.reset_token()
    world.clock.advance(RESET_SECONDS)

    with pytest.raises(InvalidLink):
        await world.reset(token, OTHER, HOME)


async def test_a_link_is_void_once_the_account_has_another_address(world: World) -> None:
    account = await world.account()
    token = await world.reset_token()
    await world.put(replace(account, email=BEN))

    with pytest.raises(InvalidLink):
        await world.reset(token, OTHER, HOME)


async def test_a_link_is_not_spent_on_a_password_that_is_refused(world: World) -> None:
    await world.account(Email("rumpelstiltskin@example.org"))
    token = await world.reset_token(Email("rumpelstiltskin@example.org"))
    for weak in ("short", "Rumpelstiltskin12"):
        with pytest.raises(WeakPassword):
            await world.reset(token, weak, HOME)

    await world.reset(token, OTHER, HOME)


async def test_a_deactivated_account_stays_so(world: World) -> None:
    account = await world.account()
    token = await world.reset_token()
    await world.put(replace(account, is_active=False))

    with pytest.raises(AccountInactive):
        await world.reset(token, OTHER, HOME)


async def test_a_link_to_verify_an_address_sets_no_password(world: World) -> None:
    await world.register(ANA, PASSWORD, None, HOME)

    with pytest.raises(InvalidLink):
        await world.reset(token_in(world.mail.sent[0]), OTHER, HOME)


@pytest.mark.parametrize("token", ["", "made-up", "x" * 65, "gr\xfc\xdfe"])
async def test_what_was_never_mailed_is_no_link(world: World, token: str) -> None:
    with pytest.raises(InvalidLink):
        await world.reset(token, OTHER, HOME)


async def test_a_link_outlives_the_change_of_the_operators_secret(world: World) -> None:
    await world.account()
    token = await world.reset_token()
    renewed = replace(world.links, keyring=Keyring("a new one", ("a secret of the tests",)))
    await replace(world.reset, links=renewed)(token, OTHER, HOME)

    assert (await world.enter(password=OTHER)).access_token


async def test_the_token_itself_is_not_kept(world: World) -> None:
    await world.account()
    token = await world.reset_token()

    assert token not in repr(world.work.tables)
