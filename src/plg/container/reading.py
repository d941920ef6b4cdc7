"""How the parts of a read-through are made of settings, and what is measured of them."""

from collections.abc import Mapping

import httpx

from plg.adapters.upstream.client import SourceClient
from plg.application.ports.clock import ClockPort
from plg.application.ports.records.invalidation import InvalidationPort
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
