"""`InvalidationPort`, kept by every log of purges."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from plg.adapters.sql.cache.invalidations import SqlInvalidations
from plg.adapters.sql.cache.open_cache import OpenCache
from plg.adapters.sql.database.versions import Line
from plg.application.ports.records.invalidation import Invalidation, InvalidationPort
from tests.fakes.clock import StoppedClock
from tests.fakes.invalidations import MemoryInvalidations
from tests.integration.servers import SERVERS, emptied
from tests.integration.sql.database import connected, url_of

ONE = Invalidation("players", "KB-1")
ALL = Invalidation("players", None)

Pair = tuple[InvalidationPort, InvalidationPort]


@pytest.fixture(params=["sqlite", *SERVERS, "twin"])
async def pair(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Pair]:
    """The log as two processes see it."""
    if request.param == "twin":
        log: list[Invalidation | None] = []
        yield MemoryInvalidations(log), MemoryInvalidations(log)
        return
    async with AsyncExitStack() as stack:
        if request.param in SERVERS:
            url = await stack.enter_async_context(emptied(SERVERS[request.param], Line.CACHE))
        else:
            url = url_of(tmp_path / "cache.sqlite3")
        process = await stack.enter_async_context(connected(url))
        yield (
            process.invalidations,
            SqlInvalidations(process.engine, StoppedClock(), OpenCache.of(process.engine)),
        )


async def test_what_was_published_before_the_first_poll_is_history(pair: Pair) -> None:
    ours, theirs = pair
    await theirs.publish(ONE)

    assert await ours.poll() == []
    assert await ours.poll() == []


async def test_what_another_process_published_comes_with_the_next_poll(pair: Pair) -> None:
    ours, theirs = pair
    await ours.poll()
    await theirs.publish(ONE)

    assert await ours.poll() == [ONE]


async def test_what_this_process_published_comes_too(pair: Pair) -> None:
    ours, _ = pair
    await ours.poll()
    await ours.publish(ALL)

    assert await ours.poll() == [ALL]


async def test_what_was_seen_does_not_come_again(pair: Pair) -> None:
    ours, theirs = pair
    await ours.poll()
    await theirs.publish(ONE)
    await ours.poll()

    assert await ours.poll() == []


async def test_purges_come_in_their_order(pair: Pair) -> None:
    ours, theirs = pair
    await ours.poll()
    for invalidation in (ONE, ALL, Invalidation("vehicles", "X"), ONE):
        await theirs.publish(invalidation)

    assert await ours.poll() == [ONE, ALL, Invalidation("vehicles", "X"), ONE]


async def test_each_process_sees_them_once(pair: Pair) -> None:
    ours, theirs = pair
    await ours.poll()
    await theirs.poll()
    await ours.publish(ONE)

    assert (await ours.poll(), await theirs.poll()) == ([ONE], [ONE])


async def test_what_is_pruned_does_not_come_any_more(pair: Pair) -> None:
    ours, theirs = pair
    await ours.poll()
    await theirs.publish(ONE)
    await theirs.prune(StoppedClock().now() + 1)

    assert await ours.poll() == []


async def test_what_was_published_later_is_not_pruned(pair: Pair) -> None:
    ours, theirs = pair
    await ours.poll()
    await theirs.publish(ONE)
    await theirs.prune(StoppedClock().now())

    assert await ours.poll() == [ONE]
