"""Take entries over from another cache."""

import pytest

from plg.application.records.import_entries import ImportEntries
from plg.domain.errors import StorageUnavailable
from plg.domain.records.players import KillerBiId
from tests.fakes.cache import MemoryPlayerCache
from tests.fakes.clock import NOON
from tests.fakes.entries import ANA, BEN, entry_of
from tests.unit.reading.world import POLICY


@pytest.fixture
def store() -> MemoryPlayerCache:
    return MemoryPlayerCache(POLICY)


@pytest.fixture
def import_entries(store: MemoryPlayerCache) -> ImportEntries[KillerBiId]:
    return ImportEntries(store, store)


async def test_what_is_not_known_is_taken_over(
    import_entries: ImportEntries[KillerBiId], store: MemoryPlayerCache
) -> None:
    assert await import_entries([(ANA, entry_of(ANA)), (BEN, entry_of(BEN))]) == 2
    assert store.held == {ANA.value: entry_of(ANA), BEN.value: entry_of(BEN)}


@pytest.mark.parametrize(("held_at", "taken"), [(NOON - 1, 1), (NOON, 0), (NOON + 1, 0)])
async def test_only_what_is_newer_is_taken_over(
    import_entries: ImportEntries[KillerBiId],
    store: MemoryPlayerCache,
    held_at: float,
    taken: int,
) -> None:
    await store.put(ANA, entry_of(ANA, version=2, validated_at=held_at))

    assert await import_entries([(ANA, entry_of(ANA))]) == taken


async def test_of_two_for_one_key_the_newer_stays(
    import_entries: ImportEntries[KillerBiId], store: MemoryPlayerCache
) -> None:
    newer = entry_of(ANA, version=2, validated_at=NOON + 1)

    assert await import_entries([(ANA, newer), (ANA, entry_of(ANA))]) == 1
    assert store.held == {ANA.value: newer}


async def test_a_tier_that_is_down_is_said(
    import_entries: ImportEntries[KillerBiId], store: MemoryPlayerCache
) -> None:
    store.is_down = True

    with pytest.raises(StorageUnavailable):
        await import_entries([(ANA, entry_of(ANA))])
