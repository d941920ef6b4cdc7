"""Declared resources: each source once, and for each resource what every kind of record has."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from plg.adapters.encoding.declared import JsonDeclaredEncoder
from plg.adapters.files.records import FileSource as RecordsOfFile
from plg.adapters.sql.cache.cache import SqlCache
from plg.application.health.check_health import WatchedSource
from plg.application.ports.records.invalidation import Invalidation
from plg.application.ports.records.record_file import RecordFilePort
from plg.application.records.check_resource import CheckResource
from plg.application.records.follow_files import FollowFiles
from plg.application.records.get_record import GetRecord
from plg.application.records.purge_records import PurgeRecords
from plg.container.declared_sources import (
    DeclaredPort,
    DeclaredSource,
    Surroundings,
    port_of,
    source_of,
)
from plg.container.resources import Resource, ResourceContainer
from plg.domain.records.declared.keys import DeclaredKey
from plg.domain.records.declared.records import DeclaredRecord
from plg.domain.records.declared.resources import (
    ResourceSpec,
)
from plg.domain.records.freshness import FreshnessPolicy
from plg.domain.records.meter_rules import MeterRules
from plg.settings.concerns import CacheSettings
from plg.settings.resources.catalogue import Catalogue


@dataclass(frozen=True, slots=True)
class DeclaredResource:
    """
    A kind of record as it was declared, and what serves it.

    Attributes:
        source: Asks for a record, past cache and breaker.
    """

    spec: ResourceSpec
    policy: FreshnessPolicy
    source: DeclaredPort
    resource: Resource
    get: GetRecord[DeclaredKey, DeclaredRecord]


@dataclass(frozen=True, slots=True)
class Declared:
    """All that is declared now, by name; `adopt` changes it in place."""

    sources: dict[str, DeclaredSource]
    resources: dict[str, DeclaredResource]

    def adopt(self, newer: "Declared") -> "Declared":
        """Take over what is declared now, and return what is not in it any more."""
        gone = Declared(
            {
                name: each
                for name, each in self.sources.items()
                if newer.sources.get(name) is not each
            },
            {
                name: each
                for name, each in self.resources.items()
                if newer.resources.get(name) is not each
            },
        )
        sources, resources = dict(newer.sources), dict(newer.resources)
        self.sources.clear()
        self.resources.clear()
        self.sources.update(sources)
        self.resources.update(resources)
        return gone

    @property
    def specs(self) -> list[ResourceSpec]:
        """The declarations, in their order."""
        return [each.spec for each in self.resources.values()]

    def watched(self) -> dict[str, WatchedSource]:
        """Return what health looks at."""
        return {name: self._watched(name) for name in self.sources}

    def files(self) -> list[tuple[RecordFilePort, PurgeRecords[Any, Any]]]:
        """Return the files that records come from, each with what purges its resource."""
        return [
            (each.source, each.resource.purge)
            for each in self.resources.values()
            if isinstance(each.source, RecordsOfFile)
        ]

    def checks(self) -> list[CheckResource]:
        """Return what asks for the example of each resource, in their order."""
        return [
            CheckResource(
                each.spec, each.source, self.sources[each.spec.source].settings.timeout_seconds
            )
            for each in self.resources.values()
        ]

    @property
    def seconds(self) -> float:
        """How long a lookup may take at most."""
        return max((each.settings.timeout_seconds for each in self.sources.values()), default=0.0)

    async def retire(self) -> None:
        """Finish what is under way for it, write what waits, and let go of connections."""
        for each in self.resources.values():
            await each.resource.records.drain()
        for each in self.resources.values():
            await each.resource.store.aclose()
        await self.aclose()

    async def aclose(self) -> None:
        """Let go of connections."""
        for source in self.sources.values():
            await source.aclose()

    def _watched(self, name: str) -> WatchedSource:
        of_it = [each for each in self.resources.values() if each.spec.source == name]
        files = tuple(each.source for each in of_it if isinstance(each.source, RecordsOfFile))
        return WatchedSource(self.sources[name].breaker, files)


def declared(around: Surroundings, known: Declared | None = None) -> Declared:
    """
    Return what the settings declare, ready to be asked.

    Args:
        around: What all resources share.
        known: What was declared before: what is still declared alike is taken from it.

    Raises:
        SettingError: If no installed driver reaches a database.
    """
    before = known or Declared({}, {})
    sources = {}
    for name, declaration in around.settings.catalogue.sources.items():
        source = before.sources.get(name)
        if source is None or source.declaration != declaration:
            source = source_of(name, declaration, around)
        sources[name] = source
    resources = {}
    for spec in around.settings.catalogue.resources:
        resource, source = before.resources.get(spec.name), sources[spec.source]
        is_kept = source is before.sources.get(spec.source)
        if resource is None or resource.spec != spec or not is_kept:
            resource = _resource(spec, source, around)
        resources[spec.name] = resource
    return Declared(sources, resources)


def meter_rules_of(catalogue: Catalogue) -> MeterRules:
    return MeterRules(spec.meter_rule for spec in catalogue.resources)


def follow_files(declared: Declared) -> FollowFiles:
    return FollowFiles(declared.files)


def _resource(spec: ResourceSpec, source: DeclaredSource, around: Surroundings) -> DeclaredResource:
    cache = _cache_settings(spec, around.settings.cache)
    policy = FreshnessPolicy(
        cache.ttl_seconds,
        cache.stale_while_revalidate_seconds,
        cache.stale_if_error_seconds,
        cache.ttl_jitter,
    )
    port = port_of(spec, source, around.clock)
    resource: Resource = ResourceContainer(
        name=spec.name,
        parse=spec.key.parse,
        cache_settings=cache,
        source_settings=source.settings,
        policy=policy,
        budget=around.budget,
        engine=around.cache_engine,
        invalidations=around.invalidations,
        source=port,
        encoder=JsonDeclaredEncoder(spec.answer, spec.key.name),
        breaker=source.breaker,
        slots=source.slots,
        clock=around.clock,
        observer=around.observer,
    ).resource()
    return DeclaredResource(
        spec, policy, port, resource, GetRecord(resource.records, around.limits)
    )


def _cache_settings(spec: ResourceSpec, default: CacheSettings) -> CacheSettings:
    own = spec.freshness
    given = {
        "ttl_seconds": own.ttl_seconds,
        "stale_while_revalidate_seconds": own.stale_while_revalidate_seconds,
        "stale_if_error_seconds": own.stale_if_error_seconds,
        "negative_ttl_seconds": own.negative_ttl_seconds,
    }
    return replace(default, **{name: each for name, each in given.items() if each is not None})


@dataclass(frozen=True, slots=True)
class PurgeFormer:
    """Forgets what the durable tier still has of a resource that is declared no more."""

    around: Surroundings

    async def __call__(self, name: str) -> None:
        """
        Return when it is forgotten; processes that still serve it are told.

        Raises:
            StorageUnavailable: If that cannot be done.
        """
        around, cache = self.around, self.around.settings.cache
        policy = FreshnessPolicy(cache.ttl_seconds, 0.0, 0.0)
        store: SqlCache[DeclaredKey] = SqlCache(
            around.cache_engine, name, policy, around.invalidations, around.observer
        )
        await store.clear()
        await store.flush()
        await around.invalidations.publish(Invalidation(name, None))
        await store.aclose()


def every_resource(
    built_in: Sequence[tuple[str, Resource]], declared: Declared
) -> dict[str, Resource]:
    """Return every kind of record by name, those that need no declaration first."""
    mine = ((name, each.resource) for name, each in declared.resources.items())
    return dict([*built_in, *mine])
