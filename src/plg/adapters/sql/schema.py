"""Where a database stands on its version line."""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from plg.adapters.sql import versions
from plg.adapters.sql.versions import Line
from plg.application.ports.health import Schema, SchemaPort
from plg.domain.errors import StorageUnavailable


@dataclass(frozen=True, slots=True)
class SqlSchema(SchemaPort):
    """Reads the version table, if there is a database to read it from."""

    engine: AsyncEngine
    line: Line

    async def read(self) -> Schema:
        newest = versions.head(self.line)
        if not _exists(self.engine):
            return Schema(None, newest)
        try:
            return Schema(await versions.current(self.engine, self.line), newest)
        except SQLAlchemyError as error:
            raise StorageUnavailable(
                f"the database {self.engine.url.database} cannot be read"
            ) from error


def _exists(engine: AsyncEngine) -> bool:
    return Path(engine.url.database or "").exists()
