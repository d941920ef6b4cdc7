"""Migrations go up, down, and up again, on both lines."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from sqlalchemy import Connection, MetaData, inspect
from sqlalchemy.ext.asyncio import AsyncEngine

from plg.adapters.sql.cache.tables import cache_metadata
from plg.adapters.sql.database.dialects import create_cache_engine, create_durable_engine
from plg.adapters.sql.database.migrations import downgrade, upgrade
from plg.adapters.sql.database.versions import Line, current, head, revisions
from plg.adapters.sql.identity.tables import durable_metadata
from plg.adapters.sql.ledger import statement_tables  # noqa: F401 - they add their tables to the durable ones
from plg.adapters.sql.ledger import tables as ledger_tables  # noqa: F401 - they add their tables to the durable ones
from plg.adapters.sql.notices import tables as notice_tables  # noqa: F401 - they add their tables to the durable ones
from plg.adapters.sql.plans import tables as plan_tables  # noqa: F401 - they add their tables to the durable ones
from plg.adapters.sql.vehicles import tables as vehicle_tables  # noqa: F401 - they add their tables to the durable ones
from plg.domain.errors import StorageUnavailable
from tests.integration.sql.database import url_of

both_lines = pytest.mark.parametrize("line", Line)


@pytest.fixture
async def engine(path: Path) -> AsyncIterator[AsyncEngine]:
    engine = create_durable_engine(url_of(path))
    yield engine
    await engine.dispose()


async def schema_of(engine: AsyncEngine) -> dict[str, list[str]]:
    """Tables and what they are made of, without the tables that count versions."""

    def read(connection: Connection) -> dict[str, list[str]]:
        look = inspect(connection)
        names = [name for name in look.get_table_names() if not name.endswith("_version")]
        return {
            name: [f"{column['name']} {column['type']}" for column in look.get_columns(name)]
            + [str(index["name"]) for index in look.get_indexes(name)]
            for name in names
        }

    async with engine.connect() as connection:
        return await connection.run_sync(read)


@both_lines
async def test_a_new_database_is_at_no_revision(engine: AsyncEngine, line: Line) -> None:
    assert await current(engine, line) is None


@both_lines
async def test_up_leads_to_the_head(engine: AsyncEngine, line: Line) -> None:
    await upgrade(engine, line)

    assert await current(engine, line) == head(line) == revisions(line)[-1]


@both_lines
async def test_down_leaves_nothing(engine: AsyncEngine, line: Line) -> None:
    await upgrade(engine, line)
    await downgrade(engine, line, "base")

    assert (await current(engine, line), await schema_of(engine)) == (None, {})


@both_lines
async def test_up_down_and_up_is_as_up(engine: AsyncEngine, line: Line) -> None:
    await upgrade(engine, line)
    schema = await schema_of(engine)
    await downgrade(engine, line, "base")
    await upgrade(engine, line)

    assert await schema_of(engine) == schema


@both_lines
async def test_up_twice_is_as_up(engine: AsyncEngine, line: Line) -> None:
    await upgrade(engine, line)
    await upgrade(engine, line)

    assert await current(engine, line) == head(line)


async def test_both_lines_live_in_one_database(engine: AsyncEngine) -> None:
    for line in Line:
        await upgrade(engine, line)
    await downgrade(engine, Line.CACHE, "base")

    assert await current(engine, Line.DURABLE) == head(Line.DURABLE)


@pytest.mark.parametrize(
    ("line", "metadata"), [(Line.CACHE, cache_metadata), (Line.DURABLE, durable_metadata)]
)
async def test_the_tables_are_as_the_code_sees_them(
    engine: AsyncEngine, line: Line, metadata: MetaData
) -> None:
    await upgrade(engine, line)
    schema = await schema_of(engine)

    assert set(schema) == set(metadata.tables)
    for table in metadata.sorted_tables:
        seen = [f"{column.name} {column.type.compile(engine.dialect)}" for column in table.columns]
        assert schema[table.name][: len(seen)] == seen


async def test_a_revision_that_nobody_knows_is_said(engine: AsyncEngine) -> None:
    with pytest.raises(StorageUnavailable, match="no-such"):
        await upgrade(engine, Line.CACHE, "no-such")


async def test_a_migration_that_fails_leaves_nothing_half_done(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        await connection.exec_driver_sql("CREATE TABLE cache_invalidations (theirs)")
    with pytest.raises(Exception, match="already exists"):
        await upgrade(engine, Line.CACHE)

    assert (await current(engine, Line.CACHE), list(await schema_of(engine))) == (
        None,
        ["cache_invalidations"],
    )


@pytest.mark.parametrize(
    ("create", "level"), [(create_cache_engine, 1), (create_durable_engine, 2)]
)
async def test_what_must_not_be_lost_is_synced_and_the_cache_is_not(
    path: Path, create: Callable[[str], AsyncEngine], level: int
) -> None:
    engine = create(url_of(path))
    async with engine.connect() as connection:
        answers = [
            (await connection.exec_driver_sql(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous")
        ]
    await engine.dispose()

    assert answers == ["wal", level]
