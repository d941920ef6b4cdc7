"""What a cache needs besides lookups: following purges, and removing what has expired."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from plg.application.background import Job, every
from plg.application.ports.clock import ClockPort
from plg.application.ports.records.cache import CacheInventoryPort
from plg.application.ports.records.invalidation import EVERYTHING, REDECLARED, InvalidationPort
from plg.application.records.read_through import ReadThrough
from plg.application.shielded import shielded
from plg.domain.errors import PlgError
from plg.domain.records.record_keys import RecordKey

POLL_SECONDS: Final = 1.0
SWEEP_SECONDS: Final = 30.0
SWEEP_STEP: Final = 200
PURGES_KEPT_SECONDS: Final = 3600.0


@dataclass(frozen=True, slots=True)
class CacheMaintenance:
    """
    Follows other processes' purges within two seconds, and removes what has expired.

    Args:
        records: Tells the engine of each resource, and how the text of its keys is read.
        inventories: Tells their durable tiers.
        on_redeclared: Called where another process has read new declarations.
    """

    records: Callable[[], Mapping[str, tuple[ReadThrough[Any, Any], Callable[[str], RecordKey]]]]
    inventories: Callable[[], Sequence[CacheInventoryPort]]
    invalidations: InvalidationPort
    clock: ClockPort
    on_redeclared: list[Callable[[], None]] = field(default_factory=list)

    @property
    def jobs(self) -> tuple[Job, ...]:
        """What is to be done again and again; a long sweep does not keep a purge waiting."""
        return (
            Job("follow_purges", self.follow_purges, every(POLL_SECONDS)),
            Job("remove_expired", self.sweep, every(SWEEP_SECONDS)),
        )

    async def follow_purges(self) -> None:
        """
        Forget what other processes purged since the last look.

        Raises:
            StorageUnavailable: If the log of purges does not answer.
        """
        for invalidation in await shielded(self.invalidations.poll()):
            if invalidation == EVERYTHING:
                for engine, _ in self.records().values():
                    await engine.purge(None)
                continue
            if invalidation == REDECLARED:
                for told in self.on_redeclared:
                    told()
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
        """
        Remove what no rule allows any more, in steps small enough to let others write.

        Raises:
            StorageUnavailable: If a tier does not answer.
        """
        for inventory in self.inventories():
            removed = SWEEP_STEP
            while removed == SWEEP_STEP:
                step = inventory.remove_expired(self.clock.now(), limit=SWEEP_STEP)
                removed = await shielded(step)
                await asyncio.sleep(0)
        await shielded(self.invalidations.prune(self.clock.now() - PURGES_KEPT_SECONDS))
