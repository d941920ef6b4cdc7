"""Take entries over from another cache."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from plg.application.ports.records.cache import CacheInventoryPort, CachePort
from plg.domain.records.entries import Entry
from plg.domain.records.record_keys import RecordKey

K = TypeVar("K", bound=RecordKey)


@dataclass(frozen=True, slots=True)
class ImportEntries(Generic[K]):
    """
    Remember entries that were validated later than what is known under their keys.

    `store` and `inventory` are two sides of one durable tier.
    """

    store: CachePort[K]
    inventory: CacheInventoryPort

    async def __call__(self, entries: Sequence[tuple[K, Entry]]) -> int:
        """
        Return how many were taken over, when they are written.

        Raises:
            StorageUnavailable: If they cannot be compared or written.
        """
        keys = list(dict.fromkeys(key for key, _ in entries))
        found = await asyncio.gather(*(self.store.get(key) for key in keys))
        known = dict(zip(keys, found, strict=True))
        taken = 0
        for key, entry in entries:
            held = known[key]
            if held is None or held.validated_at < entry.validated_at:
                await self.store.put(key, entry)
                known[key] = entry
                taken += 1
        await self.inventory.flush()
        return taken
