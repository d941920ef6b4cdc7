"""Figures of caches and sources that are read when somebody asks."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from plg.adapters.memory.cache import MemoryCache
from plg.adapters.telemetry.readings import Reading
from plg.application.records.breaker import Breaker, BreakerState
from plg.application.records.bulkhead import Bulkhead
from plg.container.declared_sources import DeclaredSource
from plg.container.resources import Resource


def readings_of(
    resources: Mapping[str, Resource],
    breakers: Mapping[str, Breaker],
    slots: Sequence[Bulkhead],
    declared: Mapping[str, DeclaredSource],
) -> tuple[Reading, ...]:
    return (
        *_of_caches(resources.values()),
        *_of_calls(slots, declared.values()),
        *(
            Reading(name, "1 for the breaker's state", _states(breaker), label="state")
            for name, breaker in breakers.items()
        ),
        Reading(
            "plg_declared_source_broken",
            "1 while the breaker of a declared source is not closed",
            lambda: {
                name: float(each.breaker.state is not BreakerState.CLOSED)
                for name, each in declared.items()
            },
            label="source",
        ),
    )


def _of_caches(resources: Collection[Resource]) -> tuple[Reading, ...]:
    def memories() -> list[MemoryCache[Any]]:
        return [resource.memory for resource in resources]

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
            lambda: sum(resource.records.memory_hits for resource in resources),
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
            lambda: sum(resource.store.waiting_writes for resource in resources),
        ),
        Reading(
            "plg_lookups_in_flight",
            "Lookups that ask the source",
            lambda: sum(resource.records.in_flight for resource in resources),
        ),
    )


def _of_calls(
    slots: Sequence[Bulkhead], declared: Collection[DeclaredSource]
) -> tuple[Reading, ...]:
    def bulkheads() -> list[Bulkhead]:
        return [*slots, *(source.slots for source in declared)]

    return (
        Reading(
            "plg_source_busy",
            "Calls to the source under way",
            lambda: sum(each.busy for each in bulkheads()),
        ),
        Reading(
            "plg_source_waiting",
            "Calls that wait for their turn",
            lambda: sum(each.waiting for each in bulkheads()),
        ),
    )


def _states(breaker: Breaker) -> Callable[[], dict[str, float]]:
    return lambda: {state.value: float(state is breaker.state) for state in BreakerState}
