"""Databases on servers are migrated by a command, by one at a time."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from plg.adapters.sql.database.dialects import create_durable_engine
from plg.adapters.sql.database.migrations import downgrade
from plg.adapters.sql.database.preparation import (
    await_server,
    check_current,
    migrate,
    prepare_cache,
    prepare_durable,
)
from plg.adapters.sql.database.versions import Line, current, head
from plg.domain.errors import StorageUnavailable
from tests.integration.servers import SERVERS, fresh
from tests.integration.sql.test_migrations import schema_of

both_lines = pytest.mark.parametrize("line", Line)


@pytest.fixture(params=[*SERVERS])
async def url(request: pytest.FixtureRequest) -> AsyncIterator[str]:
    async with fresh(SERVERS[request.param], "migrations") as url:
        yield url


@pytest.fixture
async def engine(url: str) -> AsyncIterator[AsyncEngine]:
    engine = create_durable_engine(url)
    yield engine
    await engine.dispose()


@both_lines
async def test_up_down_and_up_is_as_up(engine: AsyncEngine, line: Line) -> None:
    await migrate(engine, line)
    first = await schema_of(engine)
    await downgrade(engine, line, "base")
    assert await schema_of(engine) == {}
    await migrate(engine, line)

    assert (await schema_of(engine), await current(engine, line)) == (first, head(line))


async def test_of_two_at_once_one_migrates_and_the_other_waits(
    engine: AsyncEngine, url: str
) -> None:
    other = create_durable_engine(url)
    await asyncio.gather(migrate(engine, Line.DURABLE), migrate(other, Line.DURABLE))
    await other.dispose()

    await check_current(engine, Line.DURABLE)


async def test_both_lines_live_in_one_database(engine: AsyncEngine) -> None:
    for line in Line:
        await migrate(engine, line)

    await prepare_durable(engine)
    await prepare_cache(engine)


async def test_what_is_not_migrated_is_refused_with_the_command_to_run(
    engine: AsyncEngine,
) -> None:
    with pytest.raises(StorageUnavailable, match=r"has no tables of PLG yet.*`plg migrate`"):
        await prepare_durable(engine)
    await migrate(engine, Line.DURABLE)
    await downgrade(engine, Line.DURABLE, "durable_0015")

    with pytest.raises(StorageUnavailable, match=r"is at durable_0015.*`plg migrate`"):
        await prepare_durable(engine)


async def test_a_server_that_does_not_answer_is_named() -> None:
    nowhere = create_durable_engine("postgresql+psycopg://plg:secret@127.0.0.1:9/plg")
    with pytest.raises(StorageUnavailable) as caught:
        await await_server(nowhere, 0)
    await nowhere.dispose()

    told = str(caught.value)
    assert told.startswith("the database plg at 127.0.0.1 cannot be used: connection failed")
    assert "secret" not in told
