"""The cache database as a running process has it open: a file that was replaced is opened anew."""

from pathlib import Path

import structlog
from sqlalchemy import event
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.pool import ConnectionPoolEntry

from plg.adapters.sql.database.dialects import is_embedded
from plg.adapters.sql.database.file_identity import FileIdentity
from plg.adapters.sql.database.preparation import prepare_cache
from plg.domain.errors import StorageUnavailable

_log = structlog.get_logger("plg.storage")


class OpenCache:
    """A database on a server: whatever becomes of it, it is the one that the URL leads to."""

    @classmethod
    def of(cls, engine: AsyncEngine) -> "OpenCache":
        """Return that of an engine."""
        return OpenCacheFile(engine) if is_embedded(engine) else OpenCache()

    @property
    def is_current(self) -> bool:
        """Whether the engine is on the database that the URL leads to."""
        return True

    async def follow(self) -> bool:
        """
        Open the database that the URL leads to now, if that is another; tell that it is, once.

        Raises:
            StorageUnavailable: If one that was told of already still cannot be opened.
        """
        return False


class OpenCacheFile(OpenCache):
    """Knows which file the engine's connections are on: the one of the first look."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._path = Path(engine.url.database or "")
        self._identity = FileIdentity(self._path)
        self._is_stale = False
        self._opened = 0
        event.listen(engine.sync_engine, "connect", self._note)
        event.listen(engine.sync_engine, "checkout", self._check)

    @property
    def is_current(self) -> bool:
        return not self._is_stale and self._identity.holds()

    async def follow(self) -> bool:
        is_new = not self._identity.holds()
        if is_new:
            self._identity.renew()
            self._is_stale = True
            _log.warning("cache file was deleted or replaced: opened anew", file=str(self._path))
        if self._is_stale:
            await self._open(is_new=is_new)
        return is_new

    async def _open(self, *, is_new: bool) -> None:
        self._opened += 1
        try:
            await prepare_cache(self._engine, sets_aside=False)
        except StorageUnavailable:
            if not is_new:
                raise
            return
        self._identity.renew()
        self._is_stale = False

    def _note(self, _connection: object, entry: ConnectionPoolEntry) -> None:
        entry.info[self] = self._opened

    def _check(self, _connection: object, entry: ConnectionPoolEntry, _: object) -> None:
        """Have one that is on the file before closed, and another opened: also one in use then."""
        if entry.info.get(self, 0) != self._opened:
            raise DisconnectionError("it is on a file that was deleted or replaced")
