"""Jobs are done again and again, whatever fails."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from plg.application.background import Background, Job, every
from plg.domain.errors import StorageUnavailable
from tests.fakes.observer import RecordingObserver


class Rounds:
    """Sleeps; `waited` are their seconds, and each is over once `go_on` is called."""

    def __init__(self) -> None:
        self.waited: list[float] = []
        self.observer = RecordingObserver()
        self.background = Background(self.observer, self._sleep)
        self._is_over = asyncio.Event()
        self._begun = asyncio.Condition()

    async def _sleep(self, seconds: float) -> None:
        async with self._begun:
            self.waited.append(seconds)
            self._begun.notify_all()
        await self._is_over.wait()

    async def all_sleep(self, jobs: int = 1) -> None:
        async with asyncio.timeout(2), self._begun:
            await self._begun.wait_for(lambda: len(self.waited) >= jobs)

    async def go_on(self) -> None:
        self.waited.clear()
        self._is_over.set()
        self._is_over = asyncio.Event()
        await self.all_sleep()


@pytest.fixture
def rounds() -> Rounds:
    return Rounds()


def job(work: Callable[[], Awaitable[object]], **options: bool) -> Job:
    return Job("sweep", work, every(30), **options)


async def test_a_job_is_done_with_pauses_until_the_end(rounds: Rounds) -> None:
    done = 0

    async def work() -> None:
        nonlocal done
        done += 1

    async with rounds.background.running([job(work)]):
        await rounds.all_sleep()
        assert (done, rounds.waited) == (1, [30])
        await rounds.go_on()

    assert done == 2


async def test_where_more_waits_it_is_done_at_once(rounds: Rounds) -> None:
    left = [3, 2, 0]

    async def work() -> int:
        return left.pop(0)

    async with rounds.background.running([job(work)]):
        await rounds.all_sleep()

    assert (left, rounds.waited) == ([], [30])


async def test_jobs_do_not_wait_for_each_other(rounds: Rounds) -> None:
    is_begun = asyncio.Event()

    async def long() -> None:
        is_begun.set()
        await asyncio.Event().wait()

    async def short() -> None:
        await is_begun.wait()

    async with rounds.background.running([job(long), job(short)]):
        await rounds.all_sleep()


@pytest.mark.parametrize("is_group", [False, True])
async def test_a_failure_is_told_and_the_job_goes_on(rounds: Rounds, is_group: bool) -> None:
    async def work() -> None:
        error = StorageUnavailable("the database is down")
        raise ExceptionGroup("two", [error, error]) if is_group else error

    async with rounds.background.running([job(work)]):
        await rounds.all_sleep()
        await rounds.go_on()

    told = ("sweep", "the database is down")
    assert rounds.observer.undone == [told] * (4 if is_group else 2)
    assert not rounds.background.has_ended


async def test_a_fault_ends_a_job_and_is_raised_at_the_end(rounds: Rounds) -> None:
    async def work() -> None:
        raise ZeroDivisionError("a fault")

    async def other() -> None: ...

    async def serve() -> None:
        async with rounds.background.running([job(work), job(other)]):
            await rounds.all_sleep()
            await asyncio.sleep(0)  # the task's end is told in the next turn of the loop
            assert rounds.background.has_ended

    with pytest.raises(ZeroDivisionError):
        await serve()
    assert rounds.observer.ended == [("sweep", "a fault")]


async def test_what_waits_is_written_at_the_end_even_while_something_fails(rounds: Rounds) -> None:
    written = 0

    async def write() -> None:
        nonlocal written
        written += 1

    async def fail() -> None:
        raise StorageUnavailable("the database is down")

    jobs = [job(fail, is_done_at_end=True), job(write, is_done_at_end=True)]
    async with rounds.background.running(jobs):
        await rounds.all_sleep(2)

    assert written == 2
