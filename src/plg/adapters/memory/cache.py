"""The memory tier: least recently used first out, bounded in bytes."""

from typing import TypeVar

from cachetools import LRUCache

from plg.application.ports.cache import CachePort, RecentRecordsPort
from plg.domain.entries import Entry
from plg.domain.keys import RecordKey

K = TypeVar("K", bound=RecordKey)

ENTRY_OVERHEAD = 800
"""Bytes an entry takes besides its body: measured, objects and tables together."""


class _EntryLru(LRUCache[str, Entry]):
    """An LRU that counts what it had to let go."""

    evictions = 0

    def popitem(self) -> tuple[str, Entry]:
        self.evictions += 1
        return super().popitem()


def _weight(entry: Entry) -> int:
    return len(entry.body) + ENTRY_OVERHEAD


class MemoryCache(CachePort[K], RecentRecordsPort[K]):
    """Holds entries of one resource up to `max_bytes`, overhead of the tables included."""

    def __init__(self, max_bytes: int) -> None:
        self._entries = _EntryLru(max_bytes, getsizeof=_weight)
        self.hit_count = 0

    @property
    def tier(self) -> str:
        return "memory"

    @property
    def entry_count(self) -> int:
        """How many entries it holds."""
        return len(self._entries)

    @property
    def byte_count(self) -> int:
        """How many bytes they take, overhead included."""
        return int(self._entries.currsize)

    @property
    def eviction_count(self) -> int:
        """How many entries had to make room so far."""
        return self._entries.evictions

    def peek(self, key: K) -> Entry | None:
        try:
            entry = self._entries[key.value]
        except KeyError:
            return None
        self.hit_count += 1
        return entry

    async def get(self, key: K) -> Entry | None:
        return self.peek(key)

    async def put(self, key: K, entry: Entry) -> None:
        held = self._entries.get(key.value)
        if held is not None and held.validated_at > entry.validated_at:
            return
        if _weight(entry) > self._entries.maxsize:
            self._entries.pop(key.value, None)
            return
        self._entries[key.value] = entry

    async def remove(self, key: K) -> None:
        self._entries.pop(key.value, None)

    async def clear(self) -> None:
        self._entries.clear()
