"""An engine with everything around it."""

from dataclasses import dataclass

from plg.adapters.encoding.players import JsonPlayerEncoder
from plg.adapters.memory.cache import MemoryCache
from plg.application.records.breaker import Breaker
from plg.application.records.bulkhead import Bulkhead
from plg.application.records.entry_maker import EntryMaker
from plg.application.records.guard import GuardedSource
from plg.application.records.negative_cache import NegativeCache
from plg.application.records.read_through import ReadThrough
from plg.application.records.tiers import CacheTiers
from plg.domain.records.freshness import FreshnessPolicy
from plg.domain.records.players import KillerBiId, Player
from tests.fakes.cache import MemoryPlayerCache
from tests.fakes.clock import StoppedClock
from tests.fakes.observer import RecordingObserver
from tests.fakes.source import MemoryPlayerSource

POLICY = FreshnessPolicy(ttl=100, stale_while_revalidate=10, stale_if_error=1000)
MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class World:
    engine: ReadThrough[KillerBiId, Player]
    source: MemoryPlayerSource
    memory: MemoryCache[KillerBiId]
    store: MemoryPlayerCache
    clock: StoppedClock
    observer: RecordingObserver
    breaker: Breaker
    slots: Bulkhead


def make_world(
    *,
    policy: FreshnessPolicy = POLICY,
    negative_ttl: float = 0.0,
    timeout: float = 5.0,
    places: int = 10,
    wait_seconds: float = 1.0,
    failures_max: int = 1000,
    memory_bytes: int = MIB,
) -> World:
    clock, source, observer = StoppedClock(), MemoryPlayerSource(), RecordingObserver()
    memory: MemoryCache[KillerBiId] = MemoryCache(memory_bytes)
    store = MemoryPlayerCache(policy)
    breaker = Breaker(clock, failures_max=failures_max, open_seconds=30)
    slots = Bulkhead(places, wait_seconds)
    engine = ReadThrough(
        memory,
        CacheTiers(memory, (store,), observer),
        GuardedSource("players", source, breaker, slots, clock, observer),
        EntryMaker(JsonPlayerEncoder(), policy, clock),
        NegativeCache(negative_ttl),
        timeout=timeout,
    )
    return World(engine, source, memory, store, clock, observer, breaker, slots)
