"""One kind of cached records, from its source to its tiers; all kinds are put together alike."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from dependency_injector import containers, providers
from sqlalchemy.ext.asyncio import AsyncEngine

from plg.adapters.memory.cache import MemoryBudget, MemoryCache
from plg.adapters.sql.cache.cache import SqlCache
from plg.adapters.sql.cache.invalidations import SqlInvalidations
from plg.application.ports.clock import ClockPort
from plg.application.ports.observer import ObserverPort
from plg.application.ports.records.encoder import RecordEncoderPort
from plg.application.ports.records.source import SourcePort
from plg.application.records.breaker import Breaker
from plg.application.records.bulkhead import Bulkhead
from plg.application.records.engine import engine_on
from plg.application.records.import_entries import ImportEntries
from plg.application.records.purge_records import PurgeRecords
from plg.application.records.read_through import ReadThrough
from plg.application.records.warm_records import WarmRecords
from plg.domain.records.freshness import FreshnessPolicy
from plg.domain.records.record_keys import RecordKey
from plg.settings.concerns import CacheSettings, SourceSettings

PLAYERS: Final = "players"
STATIC_DATA: Final = "vehicle_static"
DYNAMIC_DATA: Final = "vehicle_dynamic"


@dataclass(frozen=True, slots=True)
class Resource:
    """
    A kind of records as its operator sees it.

    Attributes:
        parse: Reads a key as people paste it; raises InvalidParameter.
    """

    parse: Callable[[str], RecordKey]
    memory: MemoryCache[Any]
    store: SqlCache[Any]
    records: ReadThrough[Any, Any]
    purge: PurgeRecords[Any, Any]
    import_entries: ImportEntries[Any]
    warm: WarmRecords[Any]


class ResourceContainer(containers.DeclarativeContainer):
    """A memory within the shared budget, a durable tier under its own name, an engine."""

    name: providers.Dependency[str] = providers.Dependency()
    parse: providers.Dependency[Callable[[str], RecordKey]] = providers.Dependency()
    cache_settings: providers.Dependency[CacheSettings] = providers.Dependency()
    source_settings: providers.Dependency[SourceSettings] = providers.Dependency()
    policy: providers.Dependency[FreshnessPolicy] = providers.Dependency()
    budget: providers.Dependency[MemoryBudget] = providers.Dependency()
    engine: providers.Dependency[AsyncEngine] = providers.Dependency()
    invalidations: providers.Dependency[SqlInvalidations] = providers.Dependency()
    source: providers.Dependency[SourcePort[Any, Any]] = providers.Dependency()
    encoder: providers.Dependency[RecordEncoderPort[Any]] = providers.Dependency()
    breaker: providers.Dependency[Breaker] = providers.Dependency()
    slots: providers.Dependency[Bulkhead] = providers.Dependency()
    clock: providers.Dependency[ClockPort] = providers.Dependency()
    observer: providers.Dependency[ObserverPort] = providers.Dependency()

    memory: providers.Singleton[MemoryCache[Any]] = providers.Singleton(MemoryCache, budget)
    store: providers.Singleton[SqlCache[Any]] = providers.Singleton(
        SqlCache, engine, name, policy, invalidations, observer
    )
    records: providers.Singleton[ReadThrough[Any, Any]] = providers.Singleton(
        engine_on,
        name,
        source,
        encoder,
        memory,
        providers.List(store),
        policy,
        clock,
        observer,
        breaker=breaker,
        slots=slots,
        negative_ttl=cache_settings.provided.negative_ttl_seconds,
        timeout=source_settings.provided.timeout_seconds,
    )
    purge = providers.Singleton(PurgeRecords, records, store, invalidations)
    import_entries = providers.Singleton(ImportEntries, store, store)
    warm = providers.Singleton(WarmRecords, records, parse, clock)
    resource = providers.Singleton(
        Resource, parse, memory, store, records, purge, import_entries, warm
    )
