"""The memory tier: least recently used first out, bounded in bytes."""

from collections import OrderedDict
from typing import Any, TypeVar

from plg.application.ports.records.cache import MemoryTierPort
from plg.domain.records.entries import Entry
from plg.domain.records.record_keys import RecordKey

K = TypeVar("K", bound=RecordKey)

ENTRY_OVERHEAD = 640
"""Bytes that an entry takes besides its body, objects and tables together, as measured."""


class MemoryBudget:
    """
    Bytes that caches share, the overhead of their tables included.

    When they are spent, the cache that takes most makes room: of three, each is sure of a third,
    and what one does not need the others have.
    """

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._caches: list[MemoryCache[Any]] = []

    def join(self, cache: "MemoryCache[Any]") -> None:
        """Let one more cache take part."""
        self._caches.append(cache)

    def keep(self) -> None:
        """Have the caches make room until they are within the budget."""
        while sum(cache.byte_count for cache in self._caches) > self._max_bytes:
            max(self._caches, key=lambda cache: cache.byte_count).drop_oldest()


class MemoryCache(MemoryTierPort[K]):
    """Holds entries of one resource within a budget, its own one of so many bytes or a shared."""

    def __init__(self, budget: MemoryBudget | int) -> None:
        self._budget = MemoryBudget(budget) if isinstance(budget, int) else budget
        self._budget.join(self)
        self._entries: OrderedDict[str, Entry] = OrderedDict()
        self.byte_count = 0
        self.eviction_count = 0

    @property
    def tier(self) -> str:
        return "memory"

    @property
    def entry_count(self) -> int:
        """How many entries it holds."""
        return len(self._entries)

    def peek(self, key: K) -> Entry | None:
        entry = self._entries.get(key.value)
        if entry is not None:
            self._entries.move_to_end(key.value)
        return entry

    async def get(self, key: K) -> Entry | None:
        return self.peek(key)

    async def put(self, key: K, entry: Entry) -> None:
        held = self._entries.get(key.value)
        if held is not None and held.validated_at > entry.validated_at:
            return
        await self.remove(key)
        self._entries[key.value] = entry
        self.byte_count += _weight(entry)
        self._budget.keep()

    def drop_oldest(self) -> None:
        """Make room: the entry that was used longest ago goes."""
        _, oldest = self._entries.popitem(last=False)
        self.byte_count -= _weight(oldest)
        self.eviction_count += 1

    async def remove(self, key: K) -> None:
        held = self._entries.pop(key.value, None)
        if held is not None:
            self.byte_count -= _weight(held)

    async def clear(self) -> None:
        self._entries.clear()
        self.byte_count = 0


def _weight(entry: Entry) -> int:
    return len(entry.body) + ENTRY_OVERHEAD
