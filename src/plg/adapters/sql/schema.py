"""Where a database stands on its version line."""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from plg.adapters.sql.database import versions
from plg.adapters.sql.database.dialects import is_embedded
from plg.adapters.sql.database.files import is_of_others
from plg.adapters.sql.database.versions import Line
from plg.application.ports.health import Schema, SchemaPort
from plg.domain.errors import StorageUnavailable


@dataclass(frozen=True, slots=True)
class SqlSchema(SchemaPort):
    """Reads the version table, if there is a database to read it from."""

    engine: AsyncEngine
    line: Line

    async def read(self) -> Schema:
        newest = versions.head(self.line)
        if is_embedded(self.engine):
            path = Path(self.engine.url.database or "")
            if not _exists(path):
                return Schema(None, newest)
            if is_of_others(path, self.line):
                return Schema(None, newest, is_of_others=True)
        try:
            current = await versions.current(self.engine, self.line)
        except (SQLAlchemyError, OSError) as error:
            raise StorageUnavailable(
                f"the database {self.engine.url.database} cannot be read"
            ) from error
        return Schema(current, newest, is_newer=versions.is_newer(self.line, current))


def _exists(path: Path) -> bool:
    return path.exists()
