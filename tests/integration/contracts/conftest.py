"""Every adapter of each port."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from plg.adapters.memory.cache import MemoryCache
from plg.application.ports.cache import CachePort
from plg.domain.players import KillerBiId
from tests.fakes.cache import MemoryPlayerCache
from tests.integration.contracts.adapters import DurableCache
from tests.integration.sql.database import POLICY, running

MIB = 1024 * 1024


@asynccontextmanager
async def _durable(name: str, folder: Path) -> AsyncIterator[DurableCache]:
    if name == "twin":
        yield MemoryPlayerCache(POLICY)
        return
    async with running(folder / "cache.sqlite3") as process:
        yield process.store


@pytest.fixture(params=["sql", "twin"])
async def durable(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[DurableCache]:
    """Every durable tier."""
    async with _durable(request.param, tmp_path) as cache:
        yield cache


@pytest.fixture(params=["memory", "sql", "twin"])
async def cache(
    request: pytest.FixtureRequest, tmp_path: Path
) -> AsyncIterator[CachePort[KillerBiId]]:
    """Every tier."""
    if request.param == "memory":
        yield MemoryCache(MIB)
        return
    async with _durable(request.param, tmp_path) as cache:
        yield cache
