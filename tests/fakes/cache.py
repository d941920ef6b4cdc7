"""A durable tier in memory."""

import asyncio
from collections.abc import AsyncIterator

from plg.application.ports.records.cache import CacheInventoryPort, CachePort, CacheStats
from plg.domain.errors import StorageUnavailable
from plg.domain.records.entries import Entry
from plg.domain.records.freshness import FreshnessPolicy
from plg.domain.records.players import KillerBiId


class MemoryPlayerCache(CachePort[KillerBiId], CacheInventoryPort):
    """
    Keeps everything; `is_down` makes it fail, `hold` lets reads wait after they have read.

    `gets` counts reads, `reading` is set once there was one.
    """

    tier = "store"

    def __init__(self, policy: FreshnessPolicy) -> None:
        self.held: dict[str, Entry] = {}
        self.is_down = False
        self.gets = 0
        self.reading = asyncio.Event()
        self._policy = policy
        self._released = asyncio.Event()
        self._released.set()

    def hold(self) -> None:
        self.reading.clear()
        self._released.clear()

    def release(self) -> None:
        self._released.set()

    async def get(self, key: KillerBiId) -> Entry | None:
        self._check()
        self.gets += 1
        entry = self.held.get(key.value)
        self.reading.set()
        await self._released.wait()
        return entry

    async def put(self, key: KillerBiId, entry: Entry) -> None:
        self._check()
        held = self.held.get(key.value)
        if held is None or held.validated_at <= entry.validated_at:
            self.held[key.value] = entry

    async def remove(self, key: KillerBiId) -> None:
        self._check()
        self.held.pop(key.value, None)

    async def clear(self) -> None:
        self._check()
        self.held.clear()

    async def stats(self) -> CacheStats:
        self._check()
        return CacheStats(len(self.held), sum(len(entry.body) for entry in self.held.values()))

    async def entries(self) -> AsyncIterator[tuple[str, Entry]]:
        self._check()
        for key in sorted(self.held):
            yield key, self.held[key]

    async def flush(self) -> None:
        self._check()

    async def remove_expired(self, now: float, *, limit: int) -> int:
        self._check()
        expired = [k for k, entry in self.held.items() if self._policy.expires_at(entry) <= now]
        for key in expired[:limit]:
            del self.held[key]
        return min(len(expired), limit)

    def _check(self) -> None:
        if self.is_down:
            raise StorageUnavailable("the store is down")
