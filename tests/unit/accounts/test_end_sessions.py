"""Log an account out everywhere."""

import pytest

from plg.application.identity.end_sessions import EndSessions
from plg.application.ports.identity.access_changes import AccessChange
from plg.domain.audit import OPERATOR, Action
from plg.domain.errors import NotFound, StorageUnavailable
from tests.unit.accounts.world import ANA, BEN, World


@pytest.fixture
def end_sessions(world: World) -> EndSessions:
    return EndSessions(world.changes)


async def test_every_session_of_the_account_ends_and_no_other(
    world: World, end_sessions: EndSessions
) -> None:
    ana, ben = await world.account(ANA), await world.account(BEN)
    for email in (ANA, ANA, BEN):
        await world.enter(email)

    assert await end_sessions(ana.id, OPERATOR) == 2
    ended = [(each.account_id, each.ended_reason) for each in world.sessions]
    assert ended == [(ana.id, "sessions_ended"), (ana.id, "sessions_ended"), (ben.id, None)]


async def test_every_process_is_told(world: World, end_sessions: EndSessions) -> None:
    account = await world.account()
    await end_sessions(account.id, OPERATOR)

    assert world.work.changes == [AccessChange(account.id)]
    assert world.remembered.forgotten == [account.id]


async def test_it_is_written_down_with_how_many_there_were(
    world: World, end_sessions: EndSessions
) -> None:
    account = await world.account()
    await world.enter()
    await end_sessions(account.id, OPERATOR)
    record = world.work.tables.audit[-1]

    assert (record.action, record.target) == (Action.SESSIONS_ENDED, f"account:{account.id}")
    assert (record.actor, record.details) == (OPERATOR, {"count": "1"})


async def test_who_was_logged_out_may_log_in_again(world: World, end_sessions: EndSessions) -> None:
    account = await world.account()
    await end_sessions(account.id, OPERATOR)
    await world.enter()

    assert world.sessions[-1].ended_at is None


async def test_an_account_that_is_not_there_is_said(end_sessions: EndSessions) -> None:
    with pytest.raises(NotFound):
        await end_sessions("nobody", OPERATOR)


async def test_what_was_not_written_is_not_forgotten(
    world: World, end_sessions: EndSessions
) -> None:
    account = await world.account()
    world.work.is_down = True
    with pytest.raises(StorageUnavailable):
        await end_sessions(account.id, OPERATOR)

    assert world.remembered.forgotten == []
