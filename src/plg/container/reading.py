"""How the parts of a read-through are made of settings, and what is measured of them."""

import httpx

from plg.adapters.memory.cache import MemoryCache
from plg.adapters.sql.cache import SqlCache
from plg.adapters.telemetry.readings import Reading
from plg.adapters.upstream.client import SourceClient
from plg.application.reading.breaker import Breaker, BreakerState
from plg.application.reading.read_through import ReadThrough
from plg.application.reading.slots import SourceSlots
from plg.domain.freshness import FreshnessPolicy
from plg.domain.players import KillerBiId, Player
from plg.settings.concerns import CacheSettings, SourceSettings


def policy_of(cache: CacheSettings) -> FreshnessPolicy:
    return FreshnessPolicy(
        ttl=cache.ttl_seconds,
        stale_while_revalidate=cache.stale_while_revalidate_seconds,
        stale_if_error=cache.stale_if_error_seconds,
        jitter=cache.ttl_jitter,
    )


def client_of(source: SourceSettings, transport: httpx.AsyncBaseTransport) -> SourceClient:
    return SourceClient(
        transport,
        source.base_url or "",
        headers=source.headers,
        attempt_seconds=source.attempt_seconds or source.timeout_seconds / 2,
    )


def readings_of(
    memory: MemoryCache[KillerBiId],
    durable: SqlCache[KillerBiId],
    players: ReadThrough[KillerBiId, Player],
    breaker: Breaker,
    slots: SourceSlots,
) -> tuple[Reading, ...]:
    def breaker_states() -> dict[str, float]:
        return {state.value: float(state is breaker.state) for state in BreakerState}

    return (
        Reading("plg_cache_memory_entries", "Entries in memory", lambda: memory.entry_count),
        Reading("plg_cache_memory_bytes", "Bytes they take", lambda: memory.byte_count),
        Reading(
            "plg_cache_memory_hits",
            "Entries found in memory",
            lambda: memory.hit_count,
            is_counter=True,
        ),
        Reading(
            "plg_cache_evictions",
            "Entries that had to make room in memory",
            lambda: memory.eviction_count,
            is_counter=True,
        ),
        Reading(
            "plg_cache_waiting_writes",
            "Fills and removals not yet in the durable tier",
            lambda: durable.waiting_writes,
        ),
        Reading("plg_lookups_in_flight", "Lookups that ask the source", lambda: players.in_flight),
        Reading("plg_source_busy", "Calls to the source under way", lambda: slots.busy),
        Reading("plg_source_waiting", "Calls that wait for their turn", lambda: slots.waiting),
        Reading("plg_source_breaker", "1 for the breaker's state", breaker_states, label="state"),
    )
