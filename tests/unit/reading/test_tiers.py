"""What the engine's tests do not reach: a key that is removed again and again."""

from plg.adapters.memory.cache import MemoryCache
from plg.application.records.tiers import CacheTiers
from plg.domain.records.entries import Entry
from plg.domain.records.players import KillerBiId
from tests.fakes.cache import MemoryPlayerCache
from tests.fakes.entries import ANA, entry_of
from tests.fakes.observer import RecordingObserver
from tests.unit.reading.world import MIB, POLICY


class Disturbed(MemoryPlayerCache):
    """Somebody removes the key during each of the first reads, and somebody brings it back."""

    def __init__(self, times: int) -> None:
        super().__init__(POLICY)
        self.times = times
        self.tiers = CacheTiers[KillerBiId](MemoryCache(MIB), (self,), RecordingObserver())

    async def get(self, key: KillerBiId) -> Entry | None:
        entry = await super().get(key)
        if self.gets <= self.times:
            await self.tiers.remove(key)
            await self.put(key, entry_of(key, version=2))
        return entry


async def test_a_load_that_is_disturbed_once_reads_again() -> None:
    store = Disturbed(1)
    await store.put(ANA, entry_of(ANA))

    assert await store.tiers.load(ANA) == entry_of(ANA, version=2)


async def test_a_load_that_is_disturbed_twice_finds_nothing() -> None:
    store = Disturbed(2)
    await store.put(ANA, entry_of(ANA))

    assert (await store.tiers.load(ANA), store.gets) == (None, 2)
