"""An engine with everything around it."""

from dataclasses import dataclass

from plg.adapters.encoding.players import JsonPlayerEncoder
from plg.adapters.memory.cache import MemoryCache
from plg.application.records.breaker import Breaker
from plg.application.records.bulkhead import Bulkhead
from plg.application.records.engine import engine_on
from plg.application.records.read_through import ReadThrough
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
    engine = engine_on(
        "players",
        source,
        JsonPlayerEncoder(),
        memory,
        (store,),
        policy,
        clock,
        observer,
        breaker=breaker,
        slots=slots,
        negative_ttl=negative_ttl,
        timeout=timeout,
    )
    return World(engine, source, memory, store, clock, observer, breaker, slots)
