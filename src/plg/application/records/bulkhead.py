"""Bounded concurrency towards the source, with a bounded wait for it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from plg.domain.errors import SourceBusy


class Bulkhead:
    """Lets `places` calls run at once; a further one waits `wait_seconds` at most."""

    def __init__(self, places: int, wait_seconds: float) -> None:
        self._semaphore = asyncio.Semaphore(places)
        self._wait_seconds = wait_seconds
        self.waiting = 0
        self.busy = 0

    @asynccontextmanager
    async def hold(self, until: float) -> AsyncIterator[None]:
        """
        Hold one place; `until` is the lookup's deadline in the event loop's time.

        Raises:
            SourceBusy: If none became free in time.
        """
        if self._semaphore.locked():
            await self._queue(until)
        else:
            await self._semaphore.acquire()
        self.busy += 1
        try:
            yield
        finally:
            self.busy -= 1
            self._semaphore.release()

    async def _queue(self, until: float) -> None:
        self.waiting += 1
        patience = asyncio.get_running_loop().time() + self._wait_seconds
        try:
            async with asyncio.timeout_at(min(patience, until)):
                await self._semaphore.acquire()
        except TimeoutError as error:
            detail = "as many calls to the source as allowed are under way"
            raise SourceBusy(detail, retry_after=1.0) from error
        finally:
            self.waiting -= 1
