"""`SessionsPort`, kept by every durable database."""

import asyncio
from dataclasses import replace

import pytest

from plg.application.ports.identity.sessions import SessionWithAccount
from plg.application.ports.work import UnitOfWorkPort
from plg.domain.identity.sessions import Session
from tests.fakes.clock import NOON
from tests.integration.contracts.works import ANA, BEN, DEVICE, SESSION

NEXT = replace(SESSION, generation=1, digest=b"next", rotated_at=NOON + 5, expires_at=NOON + 200)
OF_DEVICE = replace(SESSION, id="01SES2", device_id=DEVICE.id)
OF_BEN = replace(SESSION, id="01SES3", account_id=BEN.id)
ALL = (SESSION, OF_DEVICE, OF_BEN)


@pytest.fixture(autouse=True)
async def _sessions(work: UnitOfWorkPort) -> None:
    async with work.change() as ports:
        await ports.devices.add(DEVICE)
        for session in ALL:
            await ports.sessions.add(session)


async def held(work: UnitOfWorkPort, session: Session) -> Session | None:
    async with work.look() as ports:
        standing = await ports.sessions.standing(session.id)
        return standing.session if standing else None


async def test_the_standing_of_a_session_tells_its_account(work: UnitOfWorkPort) -> None:
    async with work.look() as ports:
        assert await ports.sessions.standing(SESSION.id) == SessionWithAccount(SESSION, ANA, None)


async def test_the_standing_of_a_session_tells_the_device_that_began_it(
    work: UnitOfWorkPort,
) -> None:
    async with work.look() as ports:
        standing = await ports.sessions.standing(OF_DEVICE.id)

    assert standing == SessionWithAccount(OF_DEVICE, ANA, DEVICE)


async def test_an_unknown_session_has_no_standing(work: UnitOfWorkPort) -> None:
    async with work.look() as ports:
        assert await ports.sessions.standing("01NONE") is None


async def advance(work: UnitOfWorkPort, session: Session) -> bool:
    async with work.change() as ports:
        return await ports.sessions.advance(session)


async def test_a_session_goes_on_by_one_generation(work: UnitOfWorkPort) -> None:
    assert await advance(work, NEXT)
    assert await held(work, SESSION) == NEXT


async def test_nothing_else_of_a_session_is_written_when_it_goes_on(work: UnitOfWorkPort) -> None:
    await advance(work, replace(NEXT, scopes=frozenset(), created_at=1.0, ended_at=2.0))

    assert await held(work, SESSION) == NEXT


@pytest.mark.parametrize("generation", [0, 2])
async def test_a_session_that_is_not_one_generation_behind_stays(
    work: UnitOfWorkPort, generation: int
) -> None:
    assert not await advance(work, replace(NEXT, generation=generation))
    assert await held(work, SESSION) == SESSION


async def test_an_unknown_session_does_not_go_on(work: UnitOfWorkPort) -> None:
    assert not await advance(work, replace(NEXT, id="01NONE"))


async def test_a_session_that_ended_does_not_go_on(work: UnitOfWorkPort) -> None:
    async with work.change() as ports:
        await ports.sessions.end(SESSION.id, "logout", NOON)

    assert not await advance(work, NEXT)


async def test_of_a_race_for_the_next_generation_one_wins(
    works: tuple[UnitOfWorkPort, UnitOfWorkPort],
) -> None:
    digests = [str(number).encode() for number in range(20)]
    won = await asyncio.gather(
        *(advance(works[i % 2], replace(NEXT, digest=each)) for i, each in enumerate(digests))
    )

    assert sum(won) == 1
    assert await held(works[0], SESSION) == replace(NEXT, digest=digests[won.index(True)])


async def test_a_session_ends_once(work: UnitOfWorkPort) -> None:
    async with work.change() as ports:
        ends = [
            await ports.sessions.end(SESSION.id, "logout", NOON),
            await ports.sessions.end(SESSION.id, "reuse", NOON + 1),
            await ports.sessions.end("01NONE", "logout", NOON),
        ]

    assert ends == [True, False, False]
    assert await held(work, SESSION) == replace(SESSION, ended_at=NOON, ended_reason="logout")


async def test_all_sessions_of_an_account_end_and_no_others(work: UnitOfWorkPort) -> None:
    async with work.change() as ports:
        count = await ports.sessions.end_all(ANA.id, "password", NOON)

    ended = [await held(work, session) for session in ALL]
    assert count == 2
    assert [session and session.ended_reason for session in ended] == ["password"] * 2 + [None]


async def test_a_session_that_ended_before_keeps_its_reason(work: UnitOfWorkPort) -> None:
    async with work.change() as ports:
        await ports.sessions.end(SESSION.id, "logout", NOON)

        assert await ports.sessions.end_all(ANA.id, "password", NOON + 1) == 1

    assert await held(work, SESSION) == replace(SESSION, ended_at=NOON, ended_reason="logout")


async def test_only_the_sessions_of_a_device_end_where_it_is_named(work: UnitOfWorkPort) -> None:
    async with work.change() as ports:
        counts = [
            await ports.sessions.end_all(ANA.id, "device", NOON, device_id=device_id)
            for device_id in (DEVICE.id, "other")
        ]

    assert counts == [1, 0]
    assert await held(work, SESSION) == SESSION


async def test_sessions_that_are_over_are_pruned_and_no_others(work: UnitOfWorkPort) -> None:
    async with work.change() as ports:
        await ports.sessions.end(OF_BEN.id, "logout", NOON - 1)
        await ports.sessions.advance(NEXT)
        before = await ports.sessions.prune(NOON, limit=9)
        later = await ports.sessions.prune(NOON + 100.5, limit=9)

    assert (before, later) == (1, 1)
    assert [await held(work, session) for session in ALL] == [NEXT, None, None]


async def test_a_session_that_expires_at_the_instant_is_not_pruned(work: UnitOfWorkPort) -> None:
    async with work.change() as ports:
        assert await ports.sessions.prune(SESSION.expires_at, limit=9) == 0


async def test_no_more_sessions_are_pruned_than_the_limit(work: UnitOfWorkPort) -> None:
    async with work.change() as ports:
        counts = [await ports.sessions.prune(NOON + 1000, limit=2) for _ in range(3)]

    assert counts == [2, 1, 0]
