"""Remove what no identity needs any more."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from plg.application.ports.clock import ClockPort
from plg.application.ports.identity.access_changes import AccessChangeFeedPort
from plg.application.ports.work import UnitOfWorkPort, Work
from plg.application.shielded import shielded
from plg.domain.limits.rates import DAY_SECONDS

STEP: Final = 500
CHANGES_KEPT_SECONDS: Final = 3600.0
"""Far longer than a process may trust its memory without having read them."""
KEPT_SECONDS: Final = 30.0 * DAY_SECONDS
"""Of ended sessions and failed log-ins: what somebody who looks into an incident may ask for."""


@dataclass(frozen=True, slots=True)
class PruneAccess:
    """Remove spent nonces and links, and old changes, sessions and failures, a few at a time."""

    work: UnitOfWorkPort
    changes: AccessChangeFeedPort
    clock: ClockPort

    async def __call__(self) -> None:
        """
        Return when all is removed.

        Raises:
            StorageUnavailable: If the database fails.
        """
        now = self.clock.now()
        await shielded(self.changes.prune(now - CHANGES_KEPT_SECONDS))
        old = now - KEPT_SECONDS
        await self._in_steps(lambda work: work.devices.prune_nonces(now, limit=STEP))
        await self._in_steps(lambda work: work.mailed_links.prune(now, limit=STEP))
        await self._in_steps(lambda work: work.attempts.prune(old, limit=STEP))
        await self._in_steps(lambda work: work.sessions.prune(old, limit=STEP))

    async def _in_steps(self, prune: Callable[[Work], Awaitable[int]]) -> None:
        removed = STEP
        while removed == STEP:
            removed = await shielded(self._step(prune))
            await asyncio.sleep(0)

    async def _step(self, prune: Callable[[Work], Awaitable[int]]) -> int:
        async with self.work.change() as work:
            return await prune(work)
