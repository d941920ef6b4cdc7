"""Durable databases, and what stands in them."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from plg.adapters.sql.database.dialects import create_durable_engine
from plg.adapters.sql.database.migrations import upgrade
from plg.adapters.sql.database.versions import Line
from plg.adapters.sql.work import SqlWork
from plg.application.ports.work import UnitOfWorkPort, Work
from plg.domain.devices.devices import Device
from plg.domain.errors import NotFound
from plg.domain.identity.access import DATA_SCOPES, Scope
from plg.domain.identity.accounts import Account, Email, Role
from plg.domain.identity.api_keys import ApiKey, KeySecret
from plg.domain.identity.sessions import Session
from tests.fakes.clock import NOON
from tests.integration.sql.database import url_of

ANA = Account(
    "01ANA00000000000000000000A",
    Email("Ana@Example.org"),
    "Ana Müller",
    Role.ADMIN,
    is_active=True,
    is_verified=True,
    created_at=NOON,
    last_login_at=NOON + 1,
    password_hash="$argon2id$ana",
)
BEN = Account(
    "01BEN00000000000000000000B",
    Email("ben@example.org"),
    None,
    Role.USER,
    is_active=True,
    is_verified=False,
    created_at=NOON,
)
KEY = ApiKey("01KEY1", ANA.id, "reports", "plg_live_AAAAAAAA", DATA_SCOPES, NOON, NOON + 1000)
SECRET = KeySecret("AAAAAAAA", KEY.id, "pepper01", b"digest", NOON)
SESSION = Session(
    "01SES1", ANA.id, frozenset({Scope.ADMIN, *DATA_SCOPES}), NOON, NOON + 100, b"digest"
)
DEVICE = Device("phone-1", ANA.id, "Phone", "android", DATA_SCOPES, "sealed", NOON)


def second_of(key: ApiKey) -> tuple[ApiKey, KeySecret]:
    """Return one more key of the same account."""
    return replace(key, id="01KEY2"), replace(SECRET, public="BBBBBBBB", key_id="01KEY2")


@asynccontextmanager
async def sql_work(url: str, *, wait_seconds: float = 2.0) -> AsyncIterator[SqlWork]:
    """Open a migrated database as one process does."""
    engine = create_durable_engine(url)
    yield SqlWork(engine, wait_seconds=wait_seconds)
    await engine.dispose()


def migrated(path: Path) -> Path:
    """Make a file with all tables of the durable line."""

    async def migrate() -> None:
        engine = create_durable_engine(url_of(path))
        await upgrade(engine, Line.DURABLE)
        await engine.dispose()

    asyncio.run(migrate())
    return path


def copied(template: Path, folder: Path) -> Path:
    return Path(shutil.copy(template, folder / "db.sqlite3"))


async def with_people(work: UnitOfWorkPort) -> None:
    async with work.change() as ports:
        await ports.accounts.add(ANA)
        await ports.accounts.add(BEN)


async def undone(work: UnitOfWorkPort, act: Callable[[Work], Awaitable[object]]) -> None:
    """Do something in a transaction that fails in the end."""
    with pytest.raises(NotFound):
        await _do_and_fail(work, act)


async def _do_and_fail(work: UnitOfWorkPort, act: Callable[[Work], Awaitable[object]]) -> None:
    async with work.change() as ports:
        await act(ports)
        raise NotFound("something else is missing")
