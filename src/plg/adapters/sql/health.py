"""Whether a database answers."""

import asyncio
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from plg.adapters.sql.cache.open_cache import OpenCache
from plg.application.ports.health import StoragePort
from plg.domain.errors import StorageUnavailable

PING_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class SqlStorage(StoragePort):
    """Reads the version table of one line."""

    engine: AsyncEngine
    version_table: str
    patience: float = PING_SECONDS

    async def ping(self) -> None:
        query = text(f"SELECT version_num FROM {self.version_table}")  # noqa: S608 - the name is ours
        try:
            async with asyncio.timeout(self.patience), self.engine.connect() as connection:
                if await connection.scalar(query) is None:
                    raise StorageUnavailable("not migrated: run plg migrate")
        except TimeoutError as error:
            raise StorageUnavailable("did not answer in time") from error
        except (SQLAlchemyError, OSError) as error:
            raise StorageUnavailable("cannot be read") from error


@dataclass(frozen=True, slots=True)
class CacheStorage(StoragePort):
    """Also looks whether the file is still the one that is open."""

    storage: SqlStorage
    cache: OpenCache

    async def ping(self) -> None:
        if not self.cache.is_current:
            raise StorageUnavailable("the file was deleted or replaced, and is opened anew")
        await self.storage.ping()
