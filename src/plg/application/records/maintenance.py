"""What a cache needs while nobody looks."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NoReturn

from plg.application.ports.clock import ClockPort
from plg.application.ports.observer import ObserverPort
from plg.application.ports.records.cache import CacheInventoryPort
from plg.application.ports.records.invalidation import EVERYTHING, InvalidationPort
from plg.application.records.read_through import ReadThrough
from plg.application.shielded import shielded
from plg.domain.errors import PlgError, StorageUnavailable
from plg.domain.records.record_keys import RecordKey

POLL_SECONDS: Final = 1.0
SWEEP_SECONDS: Final = 30.0
SWEEP_STEP: Final = 200
PURGES_KEPT_SECONDS: Final = 3600.0


@dataclass(frozen=True, slots=True)
class CacheMaintenance:
    """
    Obeys other processes' purges within two seconds, and removes what has expired.

    Args:
        records: Tells the engine of each resource, and how the text of its keys is read.
        inventories: Tells their durable tiers.
    """

    records: Callable[[], Mapping[str, tuple[ReadThrough[Any, Any], Callable[[str], RecordKey]]]]
    inventories: Callable[[], Sequence[CacheInventoryPort]]
    invalidations: InvalidationPort
    clock: ClockPort
    observer: ObserverPort
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep

    async def run(self) -> None:
        """Go on until cancelled; a long sweep does not keep a purge waiting."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._repeat(self.obey_purges, POLL_SECONDS))
            group.create_task(self._repeat(self.sweep, SWEEP_SECONDS))

    async def obey_purges(self) -> None:
        """Forget what other processes purged since the last look."""
        try:
            purged = await shielded(self.invalidations.poll())
        except StorageUnavailable as error:
            self.observer.cache_failed("sql", error)
            return
        for invalidation in purged:
            if invalidation == EVERYTHING:
                for engine, _ in self.records().values():
                    await engine.purge(None)
                continue
            found = self.records().get(invalidation.resource)
            if found is None:
                continue
            engine, make_key = found
            try:
                key = None if invalidation.key is None else make_key(invalidation.key)
            except PlgError:
                continue  # not a key that this version could have cached
            await engine.purge(key)

    async def sweep(self) -> None:
        """Remove what no rule allows any more, in steps small enough to let others write."""
        try:
            for inventory in self.inventories():
                removed = SWEEP_STEP
                while removed == SWEEP_STEP:
                    step = inventory.remove_expired(self.clock.now(), limit=SWEEP_STEP)
                    removed = await shielded(step)
                    await asyncio.sleep(0)
            await shielded(self.invalidations.prune(self.clock.now() - PURGES_KEPT_SECONDS))
        except StorageUnavailable as error:
            self.observer.cache_failed("sql", error)

    async def _repeat(self, work: Callable[[], Awaitable[None]], seconds: float) -> NoReturn:
        while True:
            await work()
            await self.sleep(seconds)
