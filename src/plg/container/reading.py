"""How the parts of a read-through are made of settings, and what is measured of them."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import httpx

from plg.adapters.memory.cache import MemoryCache
from plg.adapters.telemetry.readings import Reading
from plg.adapters.upstream.client import SourceClient
from plg.application.ports.clock import ClockPort
from plg.application.ports.records.invalidation import InvalidationPort
from plg.application.records.breaker import Breaker, BreakerState
from plg.application.records.bulkhead import Bulkhead
from plg.application.records.maintenance import CacheMaintenance
from plg.container.resources import Resource
from plg.domain.records.freshness import FreshnessPolicy
from plg.settings.concerns import CacheSettings, SourceSettings


def policy_of(cache: CacheSettings, ttl: float) -> FreshnessPolicy:
    return FreshnessPolicy(
        ttl=ttl,
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


def is_set(source: SourceSettings) -> str:
    """Tell whether anything says where the source is, as a selector takes it."""
    return "there" if source.base_url is not None else "absent"


def cache_maintenance(
    resources: Mapping[str, Resource],
    invalidations: InvalidationPort,
    clock: ClockPort,
) -> CacheMaintenance:
    return CacheMaintenance(
        lambda: {name: (each.records, each.parse) for name, each in resources.items()},
        lambda: [each.store for each in resources.values()],
        invalidations,
        clock,
    )


def readings_of(
    resources: Mapping[str, Resource],
    breakers: Mapping[str, Breaker],
    slots: Sequence[Bulkhead],
) -> tuple[Reading, ...]:
    def memories() -> list[MemoryCache[Any]]:
        return [resource.memory for resource in resources.values()]

    def breaker_states(breaker: Breaker) -> Callable[[], dict[str, float]]:
        return lambda: {state.value: float(state is breaker.state) for state in BreakerState}

    return (
        Reading(
            "plg_cache_memory_entries",
            "Entries in memory",
            lambda: sum(memory.entry_count for memory in memories()),
        ),
        Reading(
            "plg_cache_memory_bytes",
            "Bytes they take",
            lambda: sum(memory.byte_count for memory in memories()),
        ),
        Reading(
            "plg_cache_memory_hits",
            "Lookups that found their entry in memory",
            lambda: sum(resource.records.memory_hits for resource in resources.values()),
            is_counter=True,
        ),
        Reading(
            "plg_cache_evictions",
            "Entries that had to make room in memory",
            lambda: sum(memory.eviction_count for memory in memories()),
            is_counter=True,
        ),
        Reading(
            "plg_cache_waiting_writes",
            "Fills and removals not yet in the durable tier",
            lambda: sum(resource.store.waiting_writes for resource in resources.values()),
        ),
        Reading(
            "plg_lookups_in_flight",
            "Lookups that ask the source",
            lambda: sum(resource.records.in_flight for resource in resources.values()),
        ),
        Reading(
            "plg_source_busy",
            "Calls to the source under way",
            lambda: sum(each.busy for each in slots),
        ),
        Reading(
            "plg_source_waiting",
            "Calls that wait for their turn",
            lambda: sum(each.waiting for each in slots),
        ),
        *(
            Reading(name, "1 for the breaker's state", breaker_states(breaker), label="state")
            for name, breaker in breakers.items()
        ),
    )
