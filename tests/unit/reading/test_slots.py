"""Bounded concurrency, with a bounded wait for it."""

import asyncio
from contextlib import AsyncExitStack

import pytest

from plg.application.records.bulkhead import Bulkhead
from plg.domain.errors import SourceBusy

FAR = float("inf")


async def test_as_many_as_there_are_places_run_at_once() -> None:
    slots = Bulkhead(3, wait_seconds=0)
    async with AsyncExitStack() as stack:
        for _ in range(3):
            await stack.enter_async_context(slots.hold(FAR))

        assert slots.busy == 3


async def test_one_more_is_refused_after_its_wait() -> None:
    slots = Bulkhead(1, wait_seconds=0.01)
    async with slots.hold(FAR):
        with pytest.raises(SourceBusy):
            async with slots.hold(FAR):
                pass


async def test_the_refusal_says_when_to_come_back() -> None:
    slots = Bulkhead(1, wait_seconds=0)
    async with slots.hold(FAR):
        with pytest.raises(SourceBusy) as caught:
            async with slots.hold(FAR):
                pass

    assert caught.value.retry_after == 1.0


async def test_one_who_waits_gets_the_place_that_becomes_free() -> None:
    slots = Bulkhead(1, wait_seconds=60)
    entered = asyncio.Event()

    async def wait() -> None:
        async with slots.hold(FAR):
            entered.set()

    async with slots.hold(FAR):
        waiter = asyncio.create_task(wait())
        await asyncio.sleep(0)
        assert (slots.waiting, entered.is_set()) == (1, False)
    await waiter

    assert (slots.waiting, slots.busy, entered.is_set()) == (0, 0, True)


@pytest.mark.parametrize("turns", range(5))
async def test_cancelled_waiters_leak_no_place(turns: int) -> None:
    slots = Bulkhead(1, wait_seconds=60)

    async def wait() -> None:
        async with slots.hold(FAR):
            await asyncio.Event().wait()

    async with slots.hold(FAR):
        waiter = asyncio.create_task(wait())
        await asyncio.sleep(0)
    for _ in range(turns):
        await asyncio.sleep(0)
    waiter.cancel()
    await asyncio.gather(waiter, return_exceptions=True)

    async with slots.hold(FAR):
        assert (slots.waiting, slots.busy) == (0, 1)


async def test_a_failure_inside_gives_the_place_back() -> None:
    slots = Bulkhead(1, wait_seconds=0)
    with pytest.raises(ZeroDivisionError):
        async with slots.hold(FAR):
            raise ZeroDivisionError

    assert slots.busy == 0


async def test_the_wait_is_no_longer_than_the_deadline() -> None:
    slots = Bulkhead(1, wait_seconds=60)
    async with slots.hold(FAR), asyncio.timeout(1):
        with pytest.raises(SourceBusy):
            async with slots.hold(asyncio.get_running_loop().time() + 0.01):
                pass
