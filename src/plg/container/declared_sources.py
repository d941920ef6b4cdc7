"""Declared sources: each with its breaker, its bulkhead and its connections."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import httpx
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from plg.adapters.files.records import FileSource as RecordsOfFile
from plg.adapters.memory.cache import MemoryBudget
from plg.adapters.sql.cache.invalidations import SqlInvalidations
from plg.adapters.sql.declared import SqlSource as RecordsOfDatabase
from plg.adapters.sql.declared import read_only_engine
from plg.adapters.upstream.client import SourceClient
from plg.adapters.upstream.declared import HttpDeclaredSource
from plg.adapters.upstream.retries import Retries
from plg.application.limits.limits import Limits
from plg.application.ports.clock import ClockPort
from plg.application.ports.observer import ObserverPort
from plg.application.ports.records.source import SourcePort
from plg.application.records.breaker import Breaker
from plg.application.records.bulkhead import Bulkhead
from plg.container.reading import client_of
from plg.domain.records.declared.keys import DeclaredKey
from plg.domain.records.declared.records import DeclaredRecord
from plg.domain.records.declared.resources import (
    FileLookup,
    HttpLookup,
    ResourceSpec,
    SqlLookup,
)
from plg.settings import SettingError, Settings
from plg.settings.concerns import SourceSettings
from plg.settings.resources.catalogue import FileSource, HttpSource, Source, SqlSource

DeclaredPort = SourcePort[DeclaredKey, DeclaredRecord]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """
    What all resources share.

    Attributes:
        transport_of: Carries the calls of a source over HTTP, so many at once.
    """

    settings: Settings
    budget: MemoryBudget
    cache_engine: AsyncEngine
    invalidations: SqlInvalidations
    clock: ClockPort
    observer: ObserverPort
    limits: Limits
    transport_of: Callable[[int], httpx.AsyncBaseTransport]


@dataclass(frozen=True, slots=True)
class DeclaredSource:
    """
    A source, which is asked at most so often at once, and left alone while it fails.

    Attributes:
        connection: What its calls go through; None for a file.
    """

    name: str
    declaration: Source
    settings: SourceSettings
    retries: Retries
    breaker: Breaker
    slots: Bulkhead
    connection: SourceClient | AsyncEngine | None

    async def aclose(self) -> None:
        """Let go of connections."""
        if isinstance(self.connection, SourceClient):
            await self.connection.aclose()
        elif self.connection is not None:
            await self.connection.dispose()


def source_of(name: str, source: Source, around: Surroundings) -> DeclaredSource:
    """
    Return the source as it is declared, ready to be asked.

    Raises:
        SettingError: If no installed driver reaches a database.
    """
    settings = _source_settings(source, around.settings.source)
    return DeclaredSource(
        name,
        source,
        settings,
        Retries(settings.retries_max),
        Breaker(
            around.clock,
            failures_max=settings.breaker_failures_max,
            open_seconds=settings.breaker_open_seconds,
        ),
        Bulkhead(settings.calls_max, settings.wait_seconds),
        _connection(name, source, settings, around),
    )


def _source_settings(source: Source, default: SourceSettings) -> SourceSettings:
    match source:
        case HttpSource(url, headers, seconds):
            return replace(
                default,
                base_url=url,
                headers=headers,
                timeout_seconds=seconds,
                attempt_seconds=None,
            )
        case SqlSource(_, seconds):
            return replace(default, base_url=None, headers={}, timeout_seconds=seconds)
    return replace(default, base_url=None, headers={})


def _connection(
    name: str, source: Source, settings: SourceSettings, around: Surroundings
) -> SourceClient | AsyncEngine | None:
    match source:
        case HttpSource():
            return client_of(settings, around.transport_of(settings.calls_max))
        case SqlSource(url):
            try:
                return read_only_engine(url)
            except (SQLAlchemyError, ImportError) as error:
                raise SettingError(
                    f"RESOURCES_FILE, [source.{name}]: sql: no installed driver reaches this "
                    f"database ({type(error).__name__})."
                ) from error
    return None


def port_of(spec: ResourceSpec, source: DeclaredSource, clock: ClockPort) -> DeclaredPort:
    """Return what asks the source for records of this kind."""
    match spec.lookup, source.declaration, source.connection:
        case HttpLookup() as lookup, HttpSource(), SourceClient() as client:
            return HttpDeclaredSource(client, source.retries, clock, lookup, spec.key)
        case SqlLookup() as lookup, SqlSource(), AsyncEngine() as engine:
            seconds = source.settings.timeout_seconds
            return RecordsOfDatabase(engine, lookup, spec.key, seconds)
        case FileLookup(match), FileSource(path), None:
            return RecordsOfFile(path, spec.key, match)
    raise TypeError(f"{spec.name} is looked up as its source cannot be asked")
