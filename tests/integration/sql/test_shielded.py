"""What goes on to its end, whoever is cancelled."""

import asyncio

import pytest

from plg.application.shielded import shielded
from plg.domain.errors import NotFound


class Work:
    """Ends when it is let go."""

    def __init__(self) -> None:
        self.may_end = asyncio.Event()
        self.has_ended = False

    async def __call__(self) -> str:
        await self.may_end.wait()
        self.has_ended = True
        return "done"


async def test_what_it_gives_comes_back() -> None:
    work = Work()
    work.may_end.set()

    assert await shielded(work()) == "done"


async def test_what_it_raises_comes_out() -> None:
    async def fail() -> None:
        raise NotFound("nothing there")

    with pytest.raises(NotFound):
        await shielded(fail())


@pytest.mark.parametrize("times", [1, 3])
async def test_one_who_is_cancelled_waits_for_its_end_and_then_is_told(times: int) -> None:
    work = Work()
    task = asyncio.create_task(shielded(work()))
    for _ in range(times):
        await asyncio.sleep(0)
        task.cancel()
    await asyncio.sleep(0)
    was_done = task.done()
    work.may_end.set()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert (was_done, work.has_ended) == (False, True)
