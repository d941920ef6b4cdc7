"""Where a database stands on its version line."""

from pathlib import Path

import pytest

from plg.adapters.sql.database.dialects import create_durable_engine
from plg.adapters.sql.database.migrations import upgrade
from plg.adapters.sql.database.versions import Line, head
from plg.adapters.sql.schema import SqlSchema
from plg.application.ports.health import Schema
from plg.domain.errors import StorageUnavailable
from tests.integration.sql.database import url_of


@pytest.mark.parametrize("line", Line)
async def test_a_database_that_is_not_there_is_at_no_revision(path: Path, line: Line) -> None:
    engine = create_durable_engine(url_of(path))

    assert await SqlSchema(engine, line).read() == Schema(None, head(line))
    assert not path.exists()


@pytest.mark.parametrize("line", Line)
async def test_a_migrated_database_is_current(path: Path, line: Line) -> None:
    engine = create_durable_engine(url_of(path))
    await upgrade(engine, line)
    schema = await SqlSchema(engine, line).read()
    await engine.dispose()

    assert (schema.is_current, schema.current) == (True, head(line))


async def test_a_damaged_database_is_said(path: Path) -> None:
    path.write_bytes(b"no database" * 1000)
    engine = create_durable_engine(url_of(path))
    with pytest.raises(StorageUnavailable, match="cannot be read"):
        await SqlSchema(engine, Line.DURABLE).read()
    await engine.dispose()
