"""What is made ready before anybody serves, what runs in the background, and how it ends."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Final

from sqlalchemy.ext.asyncio import AsyncEngine

from plg.adapters.sql.database.dialects import is_embedded
from plg.adapters.sql.database.preparation import (
    await_server,
    check_writable,
    migrate,
    prepare_cache,
    prepare_durable,
)
from plg.adapters.sql.database.versions import Line
from plg.container.container import Container
from plg.container.declared import (
    Declared,
    declared,
)
from plg.settings import Settings

SERVER_SECONDS: Final = 30.0


async def prepare(
    container: Container,
    line: str | None = None,
    *,
    wait_seconds: float = SERVER_SECONDS,
    migrates_servers: bool = False,
) -> None:
    """
    Have everything ready that processes share: once, before any of them serves.

    Makes the data folder, migrates embedded databases, sets a cache aside that cannot be used,
    and makes the first signing keys.

    Args:
        container: Whose databases they are.
        line: Only the databases of this version line.
        wait_seconds: How long a database's server has to come up.
        migrates_servers: Whether databases on servers, too, are brought to this version's schema.

    Raises:
        StorageUnavailable: If that cannot be done.
    """
    await await_servers(container, wait_seconds, line)
    engines = _engines(container)
    if migrates_servers:
        for each, engine in engines.items():
            if line in (None, each) and not is_embedded(engine):
                await migrate(engine, each)
    if line in (None, Line.DURABLE):
        await prepare_durable(engines[Line.DURABLE])
        await check_writable(engines[Line.DURABLE])
    if line in (None, Line.CACHE):
        await prepare_cache(engines[Line.CACHE])
    if line in (None, Line.DURABLE):
        await container.access.ensure_signing_keys()()


async def await_servers(container: Container, seconds: float, line: str | None = None) -> None:
    """
    Wait until the servers of databases answer.

    Raises:
        StorageUnavailable: If one does not within so many seconds.
    """
    for each, engine in _engines(container).items():
        if line in (None, each) and not is_embedded(engine):
            await await_server(engine, seconds)


def _engines(container: Container) -> dict[Line, AsyncEngine]:
    return {Line.DURABLE: container.durable_engine(), Line.CACHE: container.cache_engine()}


async def prepare_command(
    container: Container, *, needs_signing_keys: bool = True, needs_cache: bool = False
) -> None:
    """
    Have ready what a command needs that looks up or changes something; it renames no file.

    Raises:
        StorageUnavailable: If that cannot be done.
    """
    await prepare_durable(container.durable_engine())
    if needs_cache:
        await prepare_cache(container.cache_engine(), sets_aside=False)
    if needs_signing_keys:
        await container.access.ensure_signing_keys()()


def redeclared(container: Container, settings: Settings) -> Declared:
    """
    Return what these settings declare; what is declared as before is what is served already.

    Raises:
        SettingError: If no installed driver reaches a database.
    """
    around = replace(container.surroundings(), settings=settings)
    return declared(around, container.declared())


def adopt_declared(container: Container, newer: Declared) -> Declared:
    """Have everything serve what is declared now, and return what it serves no more."""
    served, resources = container.declared(), container.resources()
    gone = served.adopt(newer)
    for name in gone.resources:
        del resources[name]
    resources.update({name: each.resource for name, each in served.resources.items()})
    container.meter_rules().declare(spec.meter_rule for spec in served.specs)
    container.access.scopes().declare(frozenset(spec.scope for spec in served.specs))
    return gone


@asynccontextmanager
async def running(container: Container) -> AsyncIterator[None]:
    """Keep what works in the background going; on the way out, finish and write what waits."""
    container.readings()
    background, jobs = container.background(), [job for part in container.jobs() for job in part]
    try:
        container.ledger().start()
        for job in jobs:
            if job.is_needed_at_start:
                await background.attempt(job)
        async with background.running(jobs):
            yield
    finally:
        await close(container)
        await container.ledger().close()


async def close(container: Container) -> None:
    """Finish lookups under way, write what waits, and let go of connections."""
    await container.background_tasks().drain()
    await container.mail().drain()
    container.hasher().close()
    resources = container.resources().values()
    for resource in resources:
        await resource.records.drain()
    await container.vehicles.observation_log().drain()
    for resource in resources:
        await resource.store.aclose()
    await container.source_client().aclose()
    await container.vehicles.client().aclose()
    await container.declared().aclose()
    await container.cache_engine().dispose()
    await container.durable_engine().dispose()
