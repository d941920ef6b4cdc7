"""Ledgers in files, and what stands in them."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

from plg.adapters.sql.database.dialects import create_durable_engine
from plg.adapters.sql.ledger.group_commit.file import Durability, LedgerFile
from plg.adapters.sql.ledger.group_commit.lasting import OnEnd
from plg.adapters.sql.ledger.group_commit.ledger import SqlLedger
from plg.adapters.sql.ledger.group_commit.sqlite import SqliteStore
from plg.adapters.sql.ledger.ledger_books import SqlLedgerBooks
from plg.application.ledger.verify_ledger import LedgerReport, VerifyLedger
from plg.application.ports.clock import ClockPort
from plg.application.ports.ledger.ledger import LedgerPort
from plg.domain.errors import PlgError
from plg.domain.identity.keyring import Keyring
from plg.domain.ledger.chain import LedgerChain
from plg.domain.ledger.usage import Counted, Operation, UsageRecord
from tests.fakes.clock import NOON, StoppedClock
from tests.integration.sql.database import url_of

KEYRING = Keyring("x" * 32)


def unheard(_name: str, _error: BaseException) -> None:
    """Take no note of a thread that has ended."""


@asynccontextmanager
async def opened(
    path: Path,
    clock: ClockPort | None = None,
    *,
    patience_seconds: float = 2.0,
    waiting_max: int = 10_000,
    on_end: OnEnd = unheard,
    connection_type: type[sqlite3.Connection] = sqlite3.Connection,
    looks_every: float = 1.0,
) -> AsyncIterator[SqlLedger]:
    """Open a ledger as one process does, and close it as one that stops."""
    file = LedgerFile(path, Durability.NORMAL, connection_type, looks_every)
    ledger = SqlLedger(
        SqliteStore(file, on_end),
        KEYRING,
        path.parent / "given_up",
        clock or StoppedClock(),
        on_end,
        patience_seconds=patience_seconds,
        waiting_max=waiting_max,
    )
    ledger.start()
    try:
        yield ledger
    finally:
        await ledger.close()


def promised(ledger: LedgerPort, operation: Operation) -> "asyncio.Future[Counted | PlgError]":
    """Submit; the future has the answer when there is one."""
    future = asyncio.get_running_loop().create_future()
    ledger.submit(operation, future.set_result)
    return future


async def told(ledger: LedgerPort, operation: Operation) -> Counted | PlgError:
    """Submit, and wait for the answer."""
    async with asyncio.timeout(20):
        return await promised(ledger, operation)


async def counted(ledger: LedgerPort, operation: Operation) -> Counted:
    answer = await told(ledger, operation)
    assert isinstance(answer, Counted), repr(answer)
    return answer


def rows(path: Path, query: str, *values: object) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(query, values).fetchall()


def records(path: Path) -> list[UsageRecord]:
    """Return all records, account by account."""
    columns = ", ".join(UsageRecord._fields)
    query = f"SELECT {columns} FROM usage_records ORDER BY account_id, sequence"
    return [UsageRecord(*row) for row in rows(path, query)]


async def verified(path: Path, keyring: Keyring = KEYRING, *, now: float = NOON) -> LedgerReport:
    engine = create_durable_engine(url_of(path))
    try:
        return await VerifyLedger(SqlLedgerBooks(engine), LedgerChain(keyring), StoppedClock(now))()
    finally:
        await engine.dispose()
