"""What processes tell each other, where numbers are given before they are committed."""

import sqlite3
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from plg.adapters.sql.cache.invalidations import SqlInvalidations
from plg.adapters.sql.cache.open_cache import OpenCache
from plg.adapters.sql.database.dialects import create_durable_engine
from plg.adapters.sql.database.migrations import upgrade
from plg.adapters.sql.database.versions import Line
from plg.adapters.sql.identity.access_changes import SqlAccessChangeFeed
from plg.domain.errors import StorageUnavailable
from tests.fakes.clock import NOON, StoppedClock
from tests.integration.sql.database import running, url_of

OVERLAP = 5


@pytest.fixture
async def engine(path: Path) -> AsyncIterator[AsyncEngine]:
    engine = create_durable_engine(url_of(path))
    await upgrade(engine, Line.DURABLE)
    yield engine
    await engine.dispose()


@pytest.fixture
def feed(engine: AsyncEngine) -> SqlAccessChangeFeed:
    return SqlAccessChangeFeed(engine, overlap=OVERLAP)


@pytest.fixture
def server(path: Path, engine: AsyncEngine) -> Iterator[sqlite3.Connection]:  # noqa: ARG001
    """Commits numbers in any order, as a server may."""
    connection = sqlite3.connect(path, isolation_level=None)
    yield connection
    connection.close()


def commit(server: sqlite3.Connection, *numbers: int) -> None:
    for number in numbers:
        row = (number, str(number), NOON)
        server.execute("INSERT INTO access_changes VALUES (?, ?, ?)", row)


async def polled(feed: SqlAccessChangeFeed) -> list[int]:
    return [int(change.account_id or 0) for change in await feed.poll()]


async def test_a_lower_number_that_is_committed_later_comes_once(
    feed: SqlAccessChangeFeed, server: sqlite3.Connection
) -> None:
    await feed.poll()
    commit(server, 1, 2, 4)
    first = await polled(feed)
    commit(server, 3)

    assert [first, await polled(feed), await polled(feed)] == [[1, 2, 4], [3], []]


async def test_a_lower_number_that_is_committed_after_the_first_poll_comes(
    feed: SqlAccessChangeFeed, server: sqlite3.Connection
) -> None:
    commit(server, 10, 12)
    await feed.poll()
    commit(server, 11, 13)

    assert [await polled(feed), await polled(feed)] == [[11, 13], []]


async def test_many_between_two_polls_come_all_and_once(
    feed: SqlAccessChangeFeed, server: sqlite3.Connection
) -> None:
    await feed.poll()
    commit(server, *range(1, 51))
    first = await polled(feed)
    commit(server, 51)

    assert (first, await polled(feed)) == (list(range(1, 51)), [51])


async def test_a_number_below_the_overlap_does_not_come(
    feed: SqlAccessChangeFeed, server: sqlite3.Connection
) -> None:
    await feed.poll()
    commit(server, *range(10, 101))
    await feed.poll()
    commit(server, 9)

    assert await polled(feed) == []


async def test_a_database_that_commits_in_order_reads_nothing_twice(
    engine: AsyncEngine, server: sqlite3.Connection
) -> None:
    feed = SqlAccessChangeFeed(engine)
    await feed.poll()
    commit(server, 2)
    first = await polled(feed)
    commit(server, 1)

    assert (first, await polled(feed)) == ([2], [])


async def test_a_log_that_is_gone_is_unavailable(
    feed: SqlAccessChangeFeed, server: sqlite3.Connection
) -> None:
    server.execute("DROP TABLE access_changes")

    with pytest.raises(StorageUnavailable):
        await feed.poll()
    with pytest.raises(StorageUnavailable):
        await feed.prune(NOON)


async def test_a_purge_that_is_committed_late_is_not_lost(tmp_path: Path) -> None:
    async with running(tmp_path / "cache.sqlite3") as process:
        cache = OpenCache.of(process.engine)
        log = SqlInvalidations(process.engine, StoppedClock(), cache, overlap=OVERLAP)
        await log.poll()
        server = sqlite3.connect(tmp_path / "cache.sqlite3", isolation_level=None)

        async def purge(number: int) -> list[str | None]:
            row = (number, "players", f"KB-{number}", NOON)
            server.execute("INSERT INTO cache_invalidations VALUES (?, ?, ?, ?)", row)
            async with process.engine.connect() as connection:
                unseen = await log.unseen(connection, "players")
            assert unseen == await log.poll()  # what is filled meanwhile knows of it
            return [each.key for each in unseen]

        assert [await purge(2), await purge(1), await purge(3)] == [["KB-2"], ["KB-1"], ["KB-3"]]
        assert await log.poll() == []
        server.close()
