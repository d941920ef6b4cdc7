"""Bring a database to the schema that this version needs."""

from enum import StrEnum
from pathlib import Path

import alembic.command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text
from sqlalchemy.ext.asyncio import AsyncEngine

PACKAGE = Path(__file__).parents[2]


class Line(StrEnum):
    """The two version lines: what must not be lost, and what can be fetched again."""

    DURABLE = "durable"
    CACHE = "cache"


def head(line: Line) -> str:
    """Return the newest revision of the line that this version knows."""
    revision = ScriptDirectory.from_config(_config(line)).get_current_head()
    if revision is None:
        raise RuntimeError(f"the installation has no migrations for the {line} line")
    return revision


def revisions(line: Line) -> set[str]:
    """Return every revision of the line that this version knows."""
    return {
        script.revision for script in ScriptDirectory.from_config(_config(line)).walk_revisions()
    }


async def current(engine: AsyncEngine, line: Line) -> str | None:
    """Return the revision a database is at, or None before its first migration."""

    def read(connection: Connection) -> str | None:
        table = f"plg_{line}_version"
        if not inspect(connection).has_table(table):
            return None
        revision: str | None = connection.scalar(text(f"SELECT version_num FROM {table}"))  # noqa: S608 - the name is ours
        return revision

    async with engine.connect() as connection:
        return await connection.run_sync(read)


async def upgrade(engine: AsyncEngine, line: Line, revision: str = "head") -> None:
    """Migrate up to `revision`; nothing happens where the database is there already."""

    def run(connection: Connection) -> None:
        alembic.command.upgrade(_config(line, connection), revision)

    async with engine.connect() as connection:
        await connection.run_sync(run)


async def downgrade(engine: AsyncEngine, line: Line, revision: str) -> None:
    """Migrate down to `revision`, "base" being the empty database."""

    def run(connection: Connection) -> None:
        alembic.command.downgrade(_config(line, connection), revision)

    async with engine.connect() as connection:
        await connection.run_sync(run)


def _config(line: Line, connection: Connection | None = None) -> Config:
    config = Config(attributes={"line": str(line), "connection": connection})
    folder = _folder()
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    config.set_main_option("version_locations", str(folder / line).replace("%", "%%"))
    config.set_main_option("path_separator", "newline")
    return config


def _folder() -> Path:
    packed = PACKAGE / "alembic"
    return packed if packed.is_dir() else PACKAGE.parents[1] / "alembic"
