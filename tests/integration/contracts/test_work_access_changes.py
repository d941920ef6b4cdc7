"""`AccessChangesPort` and `AccessChangeFeedPort`: both ends of one log."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from plg.adapters.sql.database.dialects import create_durable_engine
from plg.adapters.sql.identity.access_changes import SqlAccessChangeFeed
from plg.adapters.sql.work import SqlWork
from plg.application.ports.identity.access_changes import AccessChange, AccessChangeFeedPort
from plg.application.ports.work import UnitOfWorkPort, Work
from tests.fakes.clock import NOON
from tests.fakes.work import MemoryWork
from tests.integration.contracts.works import copied, undone
from tests.integration.sql.database import url_of

ONE = AccessChange("01A")
TWO = AccessChange("01B")
ALL = AccessChange(None)
Log = tuple[UnitOfWorkPort, AccessChangeFeedPort, AccessChangeFeedPort]


@pytest.fixture(params=["in order", "overlapping", "twin"])
async def log(
    request: pytest.FixtureRequest, tmp_path: Path, durable_template: Path
) -> AsyncIterator[Log]:
    """One end to publish, and what two processes poll."""
    if request.param == "twin":
        twin = MemoryWork()
        yield twin, twin.feed(), twin.feed()
        return
    engine = create_durable_engine(url_of(copied(durable_template, tmp_path)))
    overlap = 0 if request.param == "in order" else 2
    yield (
        SqlWork(engine),
        SqlAccessChangeFeed(engine, overlap=overlap),
        SqlAccessChangeFeed(engine, overlap=overlap),
    )
    await engine.dispose()


async def publish(work: UnitOfWorkPort, *changes: AccessChange, now: float = NOON) -> None:
    async with work.change() as ports:
        for change in changes:
            await ports.access_changes.publish(change, now)


async def test_what_was_published_before_the_first_poll_is_history(log: Log) -> None:
    work, feed, _ = log
    await publish(work, ONE)

    assert [await feed.poll(), await feed.poll()] == [[], []]


async def test_what_is_committed_comes_with_the_next_poll_once(log: Log) -> None:
    work, feed, _ = log
    await feed.poll()
    await publish(work, ONE)

    assert [await feed.poll(), await feed.poll()] == [[ONE], []]


async def test_changes_come_in_their_order_to_each_process(log: Log) -> None:
    work, *feeds = log
    for feed in feeds:
        await feed.poll()
    await publish(work, ONE, ALL)
    await publish(work, TWO, ONE)

    assert [await feed.poll() for feed in feeds] == [[ONE, ALL, TWO, ONE]] * 2


async def test_every_change_comes_once_however_polls_and_changes_mix(log: Log) -> None:
    work, feed, _ = log
    await publish(work, ALL)
    await feed.poll()
    names = [AccessChange(f"01{number}") for number in range(9)]
    polled: list[AccessChange] = []
    for number, change in enumerate(names):
        await publish(work, change)
        polled += await feed.poll() if number % 3 else []

    assert polled == names


async def test_what_is_not_committed_does_not_come(log: Log) -> None:
    work, feed, _ = log
    await feed.poll()

    async def publish_and_poll(ports: Work) -> None:
        await ports.access_changes.publish(ONE, NOON)
        assert await feed.poll() == []

    await undone(work, publish_and_poll)

    assert await feed.poll() == []


async def test_what_is_pruned_does_not_come_any_more(log: Log) -> None:
    work, feed, other = log
    await feed.poll()
    await publish(work, ONE)
    await publish(work, TWO, now=NOON + 1)
    await other.prune(NOON + 1)

    assert await feed.poll() == [TWO]


async def test_what_comes_after_everything_was_pruned_comes(log: Log) -> None:
    work, feed, other = log
    await publish(work, ONE, TWO)
    await feed.poll()
    await feed.prune(NOON + 1)
    await other.poll()
    await publish(work, ALL)

    assert [await feed.poll(), await other.poll()] == [[ALL], [ALL]]
