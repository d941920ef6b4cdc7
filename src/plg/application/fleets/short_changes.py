"""Work that is too long for one transaction, in many that let others come between."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Final

from plg.application.audited_change import AuditedChange, Change
from plg.application.ports.fleets.fleets import FleetClaim
from plg.domain.audit import Actor
from plg.domain.errors import StorageUnavailable

PAUSE_SECONDS: Final = 0.005
RETRY_SECONDS: Final = 0.1
TRIES: Final = 15
"""How often a change that does not get its turn is tried: under load one of thousands may not."""
AT_ONCE: Final = 1000
"""How many vehicles one transaction concerns."""


@dataclass(frozen=True, slots=True)
class ShortChanges:
    """
    Changes that leave at least half of the time to who else waits for the database.

    SQLite gives its one write lock to the first that asks for it when it is free: who takes it
    again at once would keep billable answers waiting until they are given up.
    """

    changes: AuditedChange
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep

    @asynccontextmanager
    async def __call__(self, actor: Actor) -> AsyncIterator[Change]:
        """Enter a change, though its turn be long in coming; then pause for as long as it took."""
        async with AsyncExitStack() as stack:
            change = await self._entered(stack, actor)
            begun = self.changes.clock.monotonic()
            yield change
        await self.sleep(max(PAUSE_SECONDS, self.changes.clock.monotonic() - begun))

    async def sweep(self, claim: FleetClaim, actor: Actor) -> None:
        """Drop what is left of vehicles that belong to no fleet."""
        after: str | None = ""
        while after is not None:
            async with self(actor) as change:
                after = await change.work.fleets.sweep(claim, after, limit=AT_ONCE)

    async def _entered(self, stack: AsyncExitStack, actor: Actor) -> Change:
        for _ in range(TRIES - 1):
            with suppress(StorageUnavailable):
                return await stack.enter_async_context(self.changes(actor))
            await self.sleep(RETRY_SECONDS)
        return await stack.enter_async_context(self.changes(actor))
