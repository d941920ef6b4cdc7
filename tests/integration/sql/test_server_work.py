"""Transactions on a database server that stops, freezes, and comes back."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest

from plg.adapters.sql.database.dialects import create_durable_engine
from plg.adapters.sql.database.preparation import migrate
from plg.adapters.sql.database.versions import Line
from plg.adapters.sql.work import SqlWork
from plg.domain.errors import StorageUnavailable
from tests.integration.contracts.works import ANA
from tests.integration.own_postgresql import OwnPostgresql, own_postgresql

PATIENCE = 0.3


@pytest.fixture(scope="module")
def server() -> Iterator[OwnPostgresql]:
    with own_postgresql() as server:
        yield server


@pytest.fixture
async def work(server: OwnPostgresql) -> AsyncIterator[SqlWork]:
    engine = create_durable_engine(server.url)
    await migrate(engine, Line.DURABLE)
    yield SqlWork(engine, statement_seconds=PATIENCE)
    await engine.dispose()


async def look(work: SqlWork) -> object:
    async with asyncio.timeout(20), work.look() as ports:
        return await ports.accounts.get(ANA.id)


async def change(work: SqlWork) -> None:
    async with asyncio.timeout(20), work.change() as ports:
        await ports.attempts.count_up("somebody", 1.0)


async def test_while_it_is_frozen_a_statement_ends_in_time(
    server: OwnPostgresql, work: SqlWork
) -> None:
    assert await look(work) is None
    await change(work)
    with server.frozen():
        for act in (look, change):
            with pytest.raises(StorageUnavailable):
                await act(work)

    assert await look(work) is None
    await change(work)


async def test_after_a_restart_no_statement_meets_a_connection_of_before(
    server: OwnPostgresql, work: SqlWork
) -> None:
    await asyncio.gather(*(look(work) for _ in range(4)))
    server.stop()
    server.start()

    await asyncio.gather(*(look(work) for _ in range(4)))
    await change(work)
