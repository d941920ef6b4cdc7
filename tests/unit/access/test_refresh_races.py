"""Who was late with a refresh token is served as if the answer had been lost."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from plg.application.audited_change import AuditedChange
from plg.application.identity.refresh_session import RefreshSession
from plg.application.ports.identity.sessions import SessionWithAccount
from plg.application.ports.work import UnitOfWorkPort, Work
from plg.domain.errors import InvalidCredential
from plg.domain.identity.sessions import Tokens
from tests.fakes.memory_sessions import MemorySessions
from tests.fakes.work import MemoryWork
from tests.unit.access.session_world import ACTOR, ANA, SessionWorld


class Outrun(UnitOfWorkPort):
    """Shows a session as it was, `late` times: somebody else was first meanwhile."""

    def __init__(self, work: MemoryWork, seen: SessionWithAccount, late: int) -> None:
        self._work = work
        self._seen = seen
        self._late = late

    @asynccontextmanager
    async def change(self) -> AsyncIterator[Work]:
        async with self._work.change() as work:
            if self._late > 0:
                self._late -= 1
                work.sessions = LateSessions(work.sessions, self._seen)
            yield work

    @asynccontextmanager
    async def look(self) -> AsyncIterator[Work]:
        async with self._work.look() as work:
            yield work


class LateSessions(MemorySessions):
    """Looks at what is no longer so, and finds out when it writes."""

    def __init__(self, sessions: object, seen: SessionWithAccount) -> None:
        assert isinstance(sessions, MemorySessions)
        super().__init__(sessions._transaction)  # noqa: SLF001  # the same transaction
        self._seen = seen

    async def standing(self, session_id: str) -> SessionWithAccount | None:
        assert session_id == self._seen.session.id
        return self._seen


async def raced(world: SessionWorld, late: int) -> tuple[Tokens, RefreshSession, str]:
    first = await world.log_in()
    seen = SessionWithAccount(world.session(), ANA, None)
    won = await world.refresh(first.refresh_token, ACTOR)
    work = Outrun(world.work, seen, late)
    loser = RefreshSession(AuditedChange(work, world.remembered, world.clock), world.maker)
    return won, loser, first.refresh_token


@pytest.mark.parametrize("late", [1, 2])
async def test_who_lost_a_race_gets_what_the_winner_got(world: SessionWorld, late: int) -> None:
    won, refresh, refresh_token = await raced(world, late)

    assert (await refresh(refresh_token, ACTOR)).refresh_token == won.refresh_token
    assert world.session().generation == 1


async def test_who_loses_every_race_is_refused(world: SessionWorld) -> None:
    _, refresh, refresh_token = await raced(world, 3)

    with pytest.raises(InvalidCredential):
        await refresh(refresh_token, ACTOR)


async def test_who_was_late_for_a_log_out_is_refused(world: SessionWorld) -> None:
    _, refresh, refresh_token = await raced(world, 1)
    async with world.work.change() as work:
        await work.sessions.end(world.session().id, "logged_out", world.clock.now())

    with pytest.raises(InvalidCredential):
        await refresh(refresh_token, ACTOR)
