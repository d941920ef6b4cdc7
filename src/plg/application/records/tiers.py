"""The tiers of the cache as one memory, however many of them answer."""

from typing import Generic, TypeVar

from plg.application.ports.observer import ObserverPort
from plg.application.ports.records.cache import CachePort
from plg.application.records.watches import Watch, Watches
from plg.domain.errors import StorageUnavailable
from plg.domain.records.entries import Entry
from plg.domain.records.record_keys import RecordKey

K = TypeVar("K", bound=RecordKey)


class CacheTiers(Generic[K]):
    """
    Tiers from the fastest to the most durable; the first is the memory that `peek` reads.

    A tier that does not answer is passed over, and its failure observed. What was fetched
    before somebody asked to forget it is not remembered after that: see `watch`.
    """

    def __init__(
        self, recent: CachePort[K], durable: tuple[CachePort[K], ...], observer: ObserverPort
    ) -> None:
        self._durable = durable
        self._all = (recent, *durable)
        self._observer = observer
        self._watches: Watches[K] = Watches()

    def watch(self, key: K) -> Watch[K]:
        """Learn, from now until the end of its `with` block, what is removed under the key."""
        return self._watches.begin(key)

    async def load(self, key: K) -> Entry | None:
        """
        Return the entry from the durable tiers, and keep it in the faster ones.

        A removal before the end wins: the entry that was read may be the removed one.
        """
        for _ in range(2):
            with self.watch(key) as watch:
                depth, entry = await self._find(key)
            if not watch.was_removed:
                if entry is not None:
                    await self._put(self._all[:depth], key, entry)
                return entry
        return None

    async def put(self, key: K, entry: Entry, watch: Watch[K]) -> bool:
        """Remember the entry in every tier, unless it has been purged since; tell whether."""
        if watch.was_purged:
            return False
        await self._put(self._all, key, entry)
        return True

    async def forget_recent(self, key: K) -> None:
        """Forget the entry in memory alone."""
        await self._all[0].remove(key)

    async def remove(self, key: K) -> None:
        """Forget the entry in every tier, the fastest first: the source has no match any more."""
        self._watches.removed(key)
        for tier in self._all:
            try:
                await tier.remove(key)
            except StorageUnavailable as error:
                self._observer.cache_failed(tier.tier, error)

    async def purge(self, key: K | None) -> None:
        """Forget one entry, or all: somebody asked for it."""
        self._watches.purged(key)
        if key is not None:
            await self.remove(key)
            return
        for tier in self._all:
            try:
                await tier.clear()
            except StorageUnavailable as error:
                self._observer.cache_failed(tier.tier, error)

    async def _find(self, key: K) -> tuple[int, Entry | None]:
        for depth, tier in enumerate(self._durable, start=1):
            try:
                entry = await tier.get(key)
            except StorageUnavailable as error:
                self._observer.cache_failed(tier.tier, error)
                continue
            self._observer.cache_read(tier.tier, found=entry is not None)
            if entry is not None:
                return depth, entry
        return 0, None

    async def _put(self, tiers: tuple[CachePort[K], ...], key: K, entry: Entry) -> None:
        for tier in tiers:
            try:
                await tier.put(key, entry)
            except StorageUnavailable as error:
                self._observer.cache_failed(tier.tier, error)
