"""Serve the newest version of files that records come from."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from plg.application.ports.observer import ObserverPort
from plg.application.ports.records.record_file import RecordFilePort
from plg.application.records.purge_records import PurgeRecords
from plg.domain.errors import StorageUnavailable

LOOK_SECONDS: Final = 1.0


@dataclass(frozen=True, slots=True)
class FollowFiles:
    """
    Looks for new versions every second; the records of one purge what was cached of the last.

    Attributes:
        files: Tells those that there are now, each with what purges its resource.
    """

    files: Callable[[], Sequence[tuple[RecordFilePort, PurgeRecords[Any, Any]]]]
    observer: ObserverPort
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep

    async def run(self) -> None:
        """Go on until cancelled."""
        while True:
            await self.sleep(LOOK_SECONDS)
            await self.refresh()

    async def refresh(self) -> None:
        """Look once."""
        for file, purge in self.files():
            if not await file.refresh():
                continue
            try:
                await purge(None)
            except StorageUnavailable as error:
                self.observer.cache_failed("sql", error)
