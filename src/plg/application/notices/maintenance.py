"""Go on delivering, and forget what is old."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Final, NoReturn

from plg.application.notices.deliver import Deliver
from plg.application.ports.clock import ClockPort
from plg.application.ports.observer import ObserverPort
from plg.application.ports.work import UnitOfWorkPort
from plg.application.shielded import shielded
from plg.domain.errors import PlgError
from plg.domain.limits.rates import DAY_SECONDS

POLL_SECONDS: Final = 2.0
PRUNE_SECONDS: Final = 3600.0
KEPT_SECONDS: Final = 400.0 * DAY_SECONDS
STEP: Final = 500


@dataclass(frozen=True, slots=True)
class NoticeMaintenance:
    """Each channel goes its own way: a slow mail server holds up no webhook."""

    work: UnitOfWorkPort
    deliveries: Sequence[Deliver]
    clock: ClockPort
    observer: ObserverPort
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep

    async def run(self) -> None:
        """Go on until cancelled; what is under way then is delivered later."""
        async with asyncio.TaskGroup() as group:
            for deliver in self.deliveries:
                group.create_task(self._repeat(deliver, POLL_SECONDS))
            group.create_task(self._repeat(self.prune, PRUNE_SECONDS))

    async def prune(self) -> int:
        """
        Remove what is old, a few at a time; return how many.

        Raises:
            StorageUnavailable: If the database fails.
        """
        return await shielded(self._prune(self.clock.now() - KEPT_SECONDS))

    async def _prune(self, before: float) -> int:
        async with self.work.change() as work:
            return await work.notices.prune(before, limit=STEP)

    async def _repeat(self, act: Callable[[], Awaitable[int]], seconds: float) -> NoReturn:
        while True:
            count = 0
            try:
                count = await act()
            except* PlgError as failures:
                for failure in failures.exceptions:
                    self.observer.left_undone("notices", failure)
            if not count:
                await self.sleep(seconds)
