"""Vehicles: two kinds of records from one source, and what was observed."""

from typing import Any

from dependency_injector import containers, providers
from sqlalchemy.ext.asyncio import AsyncEngine

from plg.adapters.encoding.vehicles import (
    JsonDynamicEncoder,
    JsonStaticEncoder,
    JsonVehicleReader,
)
from plg.adapters.memory.cache import MemoryBudget
from plg.adapters.sql.cache.invalidations import SqlInvalidations
from plg.adapters.upstream.absent import AbsentSource
from plg.adapters.upstream.client import pooled_transport
from plg.adapters.upstream.probe import HttpVehicleProbe
from plg.adapters.upstream.retries import Retries
from plg.adapters.upstream.vehicles import HttpDynamicSource, HttpStaticSource
from plg.application.ports.clock import ClockPort
from plg.application.ports.observer import ObserverPort
from plg.application.records.breaker import Breaker
from plg.application.records.bulkhead import Bulkhead
from plg.application.records.get_dynamic_at import GetDynamicDataAt
from plg.application.records.get_trendline import GetTrendline
from plg.application.records.get_vehicle import GetDynamicData, GetStaticData
from plg.application.records.get_warranty import GetWarranty
from plg.application.records.observation_log import ObservationLog
from plg.application.records.observed_source import ObservedSource
from plg.container.reading import client_of, is_set, policy_of
from plg.container.resources import DYNAMIC_DATA, STATIC_DATA, ResourceContainer
from plg.domain.records.declared.resources import ResourceSpec
from plg.domain.records.vehicles import Vin
from plg.settings import Settings
from plg.settings.concerns import CacheSettings, SourceSettings


def _source_settings(settings: Settings) -> SourceSettings:
    return settings.vehicles.source(settings.source)


class VehiclesContainer(containers.DeclarativeContainer):
    """One connection pool, breaker and number of places for both kinds of records."""

    static_spec: providers.Dependency[ResourceSpec] = providers.Dependency()
    dynamic_spec: providers.Dependency[ResourceSpec] = providers.Dependency()
    settings: providers.Dependency[Settings] = providers.Dependency()
    cache_settings: providers.Dependency[CacheSettings] = providers.Dependency()
    clock: providers.Dependency[ClockPort] = providers.Dependency()
    observer: providers.Dependency[ObserverPort] = providers.Dependency()
    budget: providers.Dependency[MemoryBudget] = providers.Dependency()
    cache_engine: providers.Dependency[AsyncEngine] = providers.Dependency()
    invalidations: providers.Dependency[SqlInvalidations] = providers.Dependency()
    access = providers.DependenciesContainer()

    static_lookup, dynamic_lookup = static_spec.provided.lookup, dynamic_spec.provided.lookup
    source_settings = providers.Singleton(_source_settings, settings)
    ttls = settings.provided.vehicles
    transport = providers.Singleton(pooled_transport, source_settings.provided.calls_max)
    client = providers.Singleton(client_of, source_settings, transport)
    probe = providers.Singleton(HttpVehicleProbe, client, clock, static_lookup)
    retries = providers.Singleton(Retries, source_settings.provided.retries_max)
    breaker = providers.Singleton(
        Breaker,
        clock,
        failures_max=source_settings.provided.breaker_failures_max,
        open_seconds=source_settings.provided.breaker_open_seconds,
    )
    slots = providers.Singleton(
        Bulkhead, source_settings.provided.calls_max, source_settings.provided.wait_seconds
    )
    is_source_set = providers.Callable(is_set, source_settings)
    absent_source: providers.Singleton[AbsentSource[Any, Any]] = providers.Singleton(
        AbsentSource, "vehicles"
    )
    reader = providers.Singleton(JsonVehicleReader)
    observation_log = providers.Singleton(ObservationLog, access.work, observer)
    static_policy = providers.Singleton(policy_of, cache_settings, ttls.static_ttl_seconds)
    dynamic_policy = providers.Singleton(policy_of, cache_settings, ttls.dynamic_ttl_seconds)

    static = providers.Container(
        ResourceContainer,
        name=providers.Object(STATIC_DATA),
        parse=providers.Object(Vin.parse),
        cache_settings=cache_settings,
        source_settings=source_settings,
        policy=static_policy,
        budget=budget,
        engine=cache_engine,
        invalidations=invalidations,
        source=providers.Selector(
            is_source_set,
            there=providers.Singleton(
                HttpStaticSource, client, retries, clock, static_spec.provided.lookup
            ),
            absent=absent_source,
        ),
        encoder=providers.Singleton(JsonStaticEncoder),
        breaker=breaker,
        slots=slots,
        clock=clock,
        observer=observer,
    )
    dynamic_encoder = providers.Singleton(JsonDynamicEncoder)
    dynamic = providers.Container(
        ResourceContainer,
        name=providers.Object(DYNAMIC_DATA),
        parse=providers.Object(Vin.parse),
        cache_settings=cache_settings,
        source_settings=source_settings,
        policy=dynamic_policy,
        budget=budget,
        engine=cache_engine,
        invalidations=invalidations,
        source=providers.Singleton(
            ObservedSource,
            providers.Selector(
                is_source_set,
                there=providers.Factory(
                    HttpDynamicSource, client, retries, clock, dynamic_spec.provided.lookup
                ),
                absent=absent_source,
            ),
            reader,
            observation_log,
        ),
        encoder=dynamic_encoder,
        breaker=breaker,
        slots=slots,
        clock=clock,
        observer=observer,
    )
    static_records, static_store = static.records, static.store
    dynamic_records, dynamic_store = dynamic.records, dynamic.store
    static_resource, dynamic_resource = static.resource, dynamic.resource

    get_static = providers.Singleton(GetStaticData, static.records, access.limits)
    get_dynamic = providers.Singleton(GetDynamicData, dynamic.records, access.limits)
    get_dynamic_at = providers.Singleton(GetDynamicDataAt, access.work, dynamic_encoder)
    get_warranty = providers.Singleton(GetWarranty, get_static, get_dynamic, reader, clock)
    get_trendline = providers.Singleton(GetTrendline, access.work)
