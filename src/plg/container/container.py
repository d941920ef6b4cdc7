"""Which adapter stands behind which port."""

from dependency_injector import containers, providers
from prometheus_client import CollectorRegistry

from plg.adapters.clock import SystemClock
from plg.adapters.encoding.players import JsonPlayerEncoder
from plg.adapters.encoding.representations import strong_etag
from plg.adapters.files.gateways import LockedGateways
from plg.adapters.memory.cache import MemoryBudget
from plg.adapters.sql.cache.invalidations import SqlInvalidations
from plg.adapters.sql.cache.open_cache import OpenCache
from plg.adapters.sql.database.dialects import create_cache_engine, create_durable_engine
from plg.adapters.sql.database.versions import Line
from plg.adapters.sql.health import CacheStorage, SqlStorage
from plg.adapters.sql.schema import SqlSchema
from plg.adapters.telemetry.logs import configure_logging
from plg.adapters.telemetry.observer import TelemetryObserver
from plg.adapters.telemetry.readings import Readings
from plg.adapters.telemetry.workers import WorkerDeaths, WorkerMetrics
from plg.adapters.upstream.absent import AbsentSource
from plg.adapters.upstream.client import pooled_transport
from plg.adapters.upstream.players import HttpPlayerSource
from plg.adapters.upstream.probe import HttpPlayerProbe
from plg.adapters.upstream.retries import Retries
from plg.adapters.upstream.trial import HttpSourceTrial
from plg.application.background import Background
from plg.application.health.check_health import CheckHealth
from plg.application.identity.background_tasks import BackgroundTasks
from plg.application.records.breaker import Breaker
from plg.application.records.bulkhead import Bulkhead
from plg.application.records.examine_source import ExamineSource
from plg.application.records.get_player import GetPlayer
from plg.container.access import AccessContainer
from plg.container.accounts import account_use_cases, hasher_of, mail_of
from plg.container.backups import backup_use_cases
from plg.container.billing import billing_use_cases
from plg.container.declared import (
    PurgeFormer,
    declared,
    every_resource,
    follow_files,
    meter_rules_of,
)
from plg.container.declared_sources import Surroundings
from plg.container.devices import device_use_cases
from plg.container.fleets import fleet_use_cases
from plg.container.keys import key_use_cases
from plg.container.ledger import ledger_of, ledger_use_cases
from plg.container.notifications import notifications_of
from plg.container.reading import cache_maintenance, client_of, is_set, policy_of
from plg.container.readings import readings_of
from plg.container.resources import DYNAMIC_DATA, PLAYERS, STATIC_DATA, ResourceContainer
from plg.container.vehicles import VehiclesContainer
from plg.domain.records.players import KillerBiId
from plg.settings import Settings
from plg.settings.resources.built_in import built_in_specs


class Container(containers.DeclarativeContainer):
    """Everything that is built once; give `settings`, override what a test replaces."""

    settings = providers.Dependency(instance_of=Settings)
    server_settings = settings.provided.server
    cache_settings = settings.provided.cache
    source_settings = settings.provided.source
    storage_settings = settings.provided.storage

    set_up_logging = providers.Callable(configure_logging, style=settings.provided.log.format)
    clock = providers.Singleton(SystemClock)
    registry = providers.Singleton(CollectorRegistry, auto_describe=False)
    observer = providers.Singleton(TelemetryObserver, registry, clock)
    background = providers.Singleton(Background, observer)
    worker_metrics = providers.Singleton(
        WorkerMetrics,
        registry,
        providers.Callable(lambda path: path / "run", storage_settings.data_dir),
    )
    worker_deaths = providers.Singleton(WorkerDeaths, registry, worker_metrics)

    durable_engine = providers.Singleton(create_durable_engine, storage_settings.database_url)
    cache_engine = providers.Singleton(create_cache_engine, storage_settings.cache_database_url)
    access = providers.Container(
        AccessContainer,
        settings=settings,
        clock=clock,
        registry=registry,
        observer=observer,
        durable_engine=durable_engine,
    )
    work, audited, keyring = access.work, access.audited, access.keyring
    ledger = providers.Singleton(
        ledger_of, storage_settings, durable_engine, keyring, clock, background
    )
    usage = providers.Singleton(ledger_use_cases, ledger, audited, durable_engine, keyring)
    open_cache = providers.Singleton(OpenCache.of, cache_engine)
    invalidations = providers.Singleton(SqlInvalidations, cache_engine, clock, open_cache)
    policy = providers.Singleton(policy_of, cache_settings, cache_settings.ttl_seconds)
    memory_budget = providers.Singleton(
        MemoryBudget,
        providers.Callable(lambda mib: int(mib * 1024 * 1024), cache_settings.memory_max_mib),
    )

    player_transport = providers.Singleton(pooled_transport, source_settings.calls_max)
    source_client = providers.Singleton(client_of, source_settings, player_transport)
    retries = providers.Singleton(Retries, source_settings.retries_max)
    built_in = providers.Singleton(built_in_specs)
    player_spec = built_in.provided[PLAYERS]
    player_lookup = player_spec.lookup
    is_player_source_set = providers.Callable(is_set, source_settings)
    player_source = providers.Selector(
        is_player_source_set,
        there=providers.Singleton(HttpPlayerSource, source_client, retries, clock, player_lookup),
        absent=providers.Singleton(AbsentSource, "players"),
    )
    breaker = providers.Singleton(
        Breaker,
        clock,
        failures_max=source_settings.breaker_failures_max,
        open_seconds=source_settings.breaker_open_seconds,
    )
    slots = providers.Singleton(Bulkhead, source_settings.calls_max, source_settings.wait_seconds)
    player = providers.Container(
        ResourceContainer,
        name=providers.Object(PLAYERS),
        parse=providers.Object(KillerBiId.parse),
        cache_settings=cache_settings,
        source_settings=source_settings,
        policy=policy,
        budget=memory_budget,
        engine=cache_engine,
        invalidations=invalidations,
        source=player_source,
        encoder=providers.Singleton(JsonPlayerEncoder),
        breaker=breaker,
        slots=slots,
        clock=clock,
        observer=observer,
    )
    players = player.records
    player_memory = player.memory
    player_store = player.store
    get_player = providers.Singleton(GetPlayer, players, access.limits)
    vehicles = providers.Container(
        VehiclesContainer,
        static_spec=built_in.provided[STATIC_DATA],
        dynamic_spec=built_in.provided[DYNAMIC_DATA],
        settings=settings,
        cache_settings=cache_settings,
        clock=clock,
        observer=observer,
        budget=memory_budget,
        cache_engine=cache_engine,
        invalidations=invalidations,
        access=access,
    )
    transport_of = providers.Object(pooled_transport)
    surroundings = providers.Singleton(
        Surroundings,
        settings,
        memory_budget,
        cache_engine,
        invalidations,
        clock,
        observer,
        access.limits,
        transport_of,
    )
    declared = providers.Singleton(declared, surroundings)
    purge_former = providers.Singleton(PurgeFormer, surroundings)
    resources = providers.Singleton(
        every_resource,
        providers.List(
            providers.List(providers.Object(PLAYERS), player.resource),
            providers.List(providers.Object(STATIC_DATA), vehicles.static_resource),
            providers.List(providers.Object(DYNAMIC_DATA), vehicles.dynamic_resource),
        ),
        declared,
    )
    follow_files = providers.Singleton(follow_files, declared)
    source_trial = providers.Singleton(HttpSourceTrial, transport_of, clock)
    examine_source = providers.Singleton(ExamineSource, source_trial)
    etag_of = providers.Object(strong_etag)
    player_probe = providers.Singleton(HttpPlayerProbe, source_client, clock, player_lookup)
    schemas = providers.Dict(
        durable=providers.Factory(SqlSchema, durable_engine, Line.DURABLE),
        cache=providers.Factory(SqlSchema, cache_engine, Line.CACHE),
    )
    check_health = providers.Singleton(
        CheckHealth,
        providers.Factory(SqlStorage, durable_engine, "plg_durable_version"),
        ledger,
        providers.Factory(
            CacheStorage,
            providers.Factory(SqlStorage, cache_engine, "plg_cache_version"),
            open_cache,
        ),
        providers.Selector(is_player_source_set, there=breaker, absent=vehicles.breaker),
        policy,
        background,
        providers.Selector(
            is_player_source_set, there=vehicles.breaker, absent=providers.Object(None)
        ),
        declared.provided.watched,
    )
    maintenance = providers.Singleton(cache_maintenance, resources, invalidations, clock)
    hasher = providers.Singleton(hasher_of, settings.provided.accounts)
    mail = providers.Singleton(mail_of, settings, clock)
    background_tasks = providers.Singleton(BackgroundTasks, observer)
    accounts = providers.Singleton(
        account_use_cases,
        settings,
        audited,
        keyring,
        access.open_session,
        hasher,
        mail,
        background_tasks,
        access.scopes,
    )
    devices = providers.Singleton(
        device_use_cases,
        audited,
        access.device_secrets,
        access.open_session,
        access.scopes,
    )
    fleets = providers.Singleton(fleet_use_cases, audited)
    keys = providers.Singleton(
        key_use_cases,
        audited,
        keyring,
        access.tariff_of,
        settings.provided.limits,
        access.scopes,
    )
    meter_rules = providers.Singleton(meter_rules_of, settings.provided.catalogue)
    billing = providers.Singleton(
        billing_use_cases,
        audited,
        access.tariff_of,
        settings.provided.billing,
        meter_rules,
    )
    gateways = providers.Singleton(
        LockedGateways,
        providers.Callable(lambda path: path / "gateways", storage_settings.data_dir),
    )
    backups = providers.Singleton(
        backup_use_cases, durable_engine, storage_settings.files, gateways, keyring, clock
    )
    notifications = providers.Singleton(
        notifications_of, settings, audited, access.seal, mail, observer
    )
    notice_jobs = notifications.provided.jobs
    jobs = providers.List(
        maintenance.provided.jobs,
        access.jobs,
        notice_jobs,
        usage.provided.count_free_usage.jobs,
        follow_files.provided.jobs,
    )
    readings = providers.Singleton(
        Readings,
        registry,
        providers.Callable(
            readings_of,
            resources,
            providers.Dict(plg_source_breaker=breaker, plg_vehicle_source_breaker=vehicles.breaker),
            providers.List(slots, vehicles.slots),
            declared.provided.sources,
        ),
    )
