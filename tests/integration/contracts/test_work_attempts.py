"""`AttemptsPort`, kept by every durable database."""

import asyncio

import pytest

from plg.application.ports.identity.attempts import KNOWN_PLACES_MAX
from plg.application.ports.work import UnitOfWorkPort
from plg.domain.identity.lockouts import Failures
from tests.fakes.clock import NOON
from tests.integration.contracts.works import ANA, BEN

SUBJECT = "account:ana"


async def fail(work: UnitOfWorkPort, now: float = NOON, subject: str = SUBJECT) -> Failures:
    async with work.change() as ports:
        return await ports.attempts.count_up(subject, now)


async def log_in(work: UnitOfWorkPort, place: str, now: float = NOON) -> None:
    async with work.change() as ports:
        await ports.attempts.add_known_place(ANA.id, place, now)


async def is_known(work: UnitOfWorkPort, place: str, account_id: str = ANA.id) -> bool:
    async with work.look() as ports:
        return await ports.attempts.is_known_place(account_id, place)


async def test_a_count_tells_how_it_stood_before(work: UnitOfWorkPort) -> None:
    before = [await fail(work, NOON), await fail(work, NOON + 5), await fail(work, NOON + 6)]

    assert before == [Failures(), Failures(1, NOON), Failures(2, NOON + 5)]


@pytest.mark.parametrize(("back", "last_at"), [(4, NOON), (60, NOON - 60)])
async def test_of_clocks_a_little_apart_the_later_one_counts(
    work: UnitOfWorkPort, back: float, last_at: float
) -> None:
    await fail(work, NOON)
    await fail(work, NOON - back)

    assert await fail(work) == Failures(2, last_at)


async def test_subjects_are_counted_apart(work: UnitOfWorkPort) -> None:
    await fail(work)

    assert await fail(work, subject=SUBJECT.upper()) == Failures()


async def test_failures_that_are_cleared_begin_anew(work: UnitOfWorkPort) -> None:
    await fail(work)
    await fail(work, subject="other")
    async with work.change() as ports:
        await ports.attempts.clear(SUBJECT)

    assert await fail(work) == Failures()
    assert await fail(work, subject="other") == Failures(1, NOON)


async def test_failures_at_once_take_turns(works: tuple[UnitOfWorkPort, UnitOfWorkPort]) -> None:
    before = await asyncio.gather(*(fail(work) for work in works * 10))

    assert sorted(failures.count for failures in before) == list(range(20))


async def test_old_failures_are_pruned_and_no_others(work: UnitOfWorkPort) -> None:
    for number in range(3):
        await fail(work, NOON + number, f"subject {number}")
    async with work.change() as ports:
        counts = [await ports.attempts.prune(NOON + 2, limit=limit) for limit in (1, 9, 9)]

    assert counts == [1, 1, 0]
    assert await fail(work, subject="subject 2") == Failures(1, NOON + 2)


async def test_a_place_is_known_once_the_account_logged_in_from_it(work: UnitOfWorkPort) -> None:
    before = await is_known(work, "10.0.0.1")
    await log_in(work, "10.0.0.1")

    assert (before, await is_known(work, "10.0.0.1")) == (False, True)
    assert not await is_known(work, "10.0.0.1", BEN.id)


async def test_of_many_places_the_oldest_are_forgotten(work: UnitOfWorkPort) -> None:
    for number in range(KNOWN_PLACES_MAX + 2):
        await log_in(work, f"place {number}", NOON + number)
    known = [await is_known(work, f"place {number}") for number in range(KNOWN_PLACES_MAX + 2)]

    assert known == [False, False] + [True] * KNOWN_PLACES_MAX


async def test_a_place_that_is_used_again_is_not_the_oldest_any_more(
    work: UnitOfWorkPort,
) -> None:
    for number in range(KNOWN_PLACES_MAX):
        await log_in(work, f"place {number}", NOON + number)
    await log_in(work, "place 0", NOON + 100)
    await log_in(work, "place 0", NOON)
    await log_in(work, "new", NOON + 101)

    known = [await is_known(work, place) for place in ("place 0", "place 1", "place 2")]
    assert known == [True, False, True]


async def test_places_of_another_account_are_not_forgotten(work: UnitOfWorkPort) -> None:
    async with work.change() as ports:
        await ports.attempts.add_known_place(BEN.id, "home", NOON)
    for number in range(KNOWN_PLACES_MAX + 1):
        await log_in(work, f"place {number}", NOON + number)

    assert await is_known(work, "home", BEN.id)
