"""Bring a database to the schema that this version needs."""

from collections.abc import Callable

import alembic.command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncEngine

from plg.adapters.sql.database.dialects import turn
from plg.adapters.sql.database.versions import Line, folder
from plg.domain.errors import StorageUnavailable


async def upgrade(engine: AsyncEngine, line: Line, revision: str = "head") -> None:
    """
    Migrate up to `revision`; nothing happens where the database is there already.

    Raises:
        StorageUnavailable: If there is no way from where the database is.
    """
    await _run(alembic.command.upgrade, engine, line, revision)


async def downgrade(engine: AsyncEngine, line: Line, revision: str) -> None:
    """
    Migrate down to `revision`, "base" being the empty database.

    Raises:
        StorageUnavailable: If there is no way from where the database is.
    """
    await _run(alembic.command.downgrade, engine, line, revision)


async def _run(
    command: Callable[[Config, str], None], engine: AsyncEngine, line: Line, revision: str
) -> None:
    """
    Run it in one transaction: others that want the same wait for it.

    Killed, it leaves nothing half done, save on MySQL, which commits each change of a table.
    """

    def run(connection: Connection) -> None:
        with turn(connection, f"plg_{line}"):
            command(_config(line, connection), revision)

    try:
        async with engine.begin() as connection:
            await connection.run_sync(run)
    except CommandError as error:
        raise StorageUnavailable(f"the {line} database cannot be migrated: {error}") from error


def _config(line: Line, connection: Connection) -> Config:
    config = Config(attributes={"line": str(line), "connection": connection})
    scripts = str(folder()).replace("%", "%%")
    config.set_main_option("script_location", scripts)
    config.set_main_option("version_locations", f"{scripts}/{line}")
    config.set_main_option("path_separator", "newline")
    return config
