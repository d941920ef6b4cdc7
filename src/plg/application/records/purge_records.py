"""Forget what is cached, everywhere."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from plg.application.ports.records.cache import CacheInventoryPort
from plg.application.ports.records.invalidation import Invalidation, InvalidationPort
from plg.application.records.read_through import ReadThrough
from plg.domain.records.record_keys import RecordKey

K = TypeVar("K", bound=RecordKey)
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class PurgeRecords(Generic[K, R]):
    """Forget one record or all of them: here, in the durable tier, and in every other process."""

    records: ReadThrough[K, R]
    inventory: CacheInventoryPort
    invalidations: InvalidationPort

    async def __call__(self, key: K | None) -> None:
        """
        Return when the durable tier has forgotten; other processes follow within seconds.

        Raises:
            StorageUnavailable: If the durable tier or the others could not be told.
        """
        await self.records.purge(key)
        await self.inventory.flush()
        named = None if key is None else key.value
        await self.invalidations.publish(Invalidation(self.records.resource, named))
