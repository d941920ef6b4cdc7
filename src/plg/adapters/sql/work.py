"""Transactions of the durable database."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from plg.adapters.sql.database.dialects import begin_change, for_single_reads
from plg.adapters.sql.database.executor import STATEMENT_SECONDS, Executor, translated
from plg.adapters.sql.fleets.fleets import SqlFleets
from plg.adapters.sql.identity.access_changes import SqlAccessChanges
from plg.adapters.sql.identity.accounts import SqlAccounts
from plg.adapters.sql.identity.api_keys import SqlApiKeys
from plg.adapters.sql.identity.attempts import SqlAttempts
from plg.adapters.sql.identity.audit import SqlAudit
from plg.adapters.sql.identity.devices import SqlDevices
from plg.adapters.sql.identity.mailed_links import SqlMailedLinks
from plg.adapters.sql.identity.sessions import SqlSessions
from plg.adapters.sql.identity.signing_keys import SqlSigningKeys
from plg.adapters.sql.ledger.archives import SqlArchives
from plg.adapters.sql.ledger.free_usage import SqlFreeUsage
from plg.adapters.sql.ledger.record_keys import SqlRecordKeys
from plg.adapters.sql.ledger.statements import SqlStatements
from plg.adapters.sql.ledger.usage import SqlUsage
from plg.adapters.sql.notices.notices import SqlNotices
from plg.adapters.sql.notices.webhooks import SqlWebhooks
from plg.adapters.sql.plans.plans import SqlPlans
from plg.adapters.sql.vehicles.observations import SqlObservations
from plg.application.ports.work import UnitOfWorkPort, Work
from plg.application.shielded import shielded

_late: set[asyncio.Future[None]] = set()
WAIT_SECONDS = 2.0
"""How long a transaction waits for its turn."""


class SqlPorts(Work):
    """The ports of one transaction."""

    def __init__(self, statements: Executor) -> None:
        self.accounts = SqlAccounts(statements)
        self.api_keys = SqlApiKeys(statements)
        self.sessions = SqlSessions(statements)
        self.devices = SqlDevices(statements)
        self.mailed_links = SqlMailedLinks(statements)
        self.attempts = SqlAttempts(statements)
        self.signing_keys = SqlSigningKeys(statements)
        self.plans = SqlPlans(statements)
        self.fleets = SqlFleets(statements)
        self.audit = SqlAudit(statements)
        self.access_changes = SqlAccessChanges(statements)
        self.observations = SqlObservations(statements)
        self.usage = SqlUsage(statements)
        self.statements = SqlStatements(statements)
        self.archives = SqlArchives(statements)
        self.record_keys = SqlRecordKeys(statements)
        self.free_usage = SqlFreeUsage(statements)
        self.notices = SqlNotices(statements)
        self.webhooks = SqlWebhooks(statements)


class SqlWork(UnitOfWorkPort):
    """
    A connection a transaction.

    Changes of one process take turns at a lock of its own, which costs nothing and is fair; those
    of several processes take turns in the database.
    """

    def __init__(
        self,
        engine: AsyncEngine,
        *,
        wait_seconds: float = WAIT_SECONDS,
        statement_seconds: float = STATEMENT_SECONDS,
    ) -> None:
        self._engine = engine
        self._reads = for_single_reads(engine)
        self._turns = asyncio.Lock()
        self._wait_seconds = wait_seconds
        self._statement_seconds = statement_seconds

    @asynccontextmanager
    async def change(self) -> AsyncIterator[Work]:
        loop = asyncio.get_running_loop()
        deadline = loop.time() + self._wait_seconds
        with translated():
            async with asyncio.timeout_at(deadline):
                await self._turns.acquire()
        try:
            async with self._connected(self._engine, deadline) as connection:
                with translated():
                    left = max(0.0, deadline - loop.time())
                    await shielded(begin_change(connection, left))
                yield self._ports(connection, may_write=True)
                with translated():
                    await shielded(_commit(connection))
        finally:
            self._turns.release()

    @asynccontextmanager
    async def look(self) -> AsyncIterator[Work]:
        deadline = asyncio.get_running_loop().time() + self._wait_seconds
        async with self._connected(self._reads, deadline) as connection:
            yield self._ports(connection, may_write=False)

    def _ports(self, connection: AsyncConnection, *, may_write: bool) -> SqlPorts:
        seconds = self._statement_seconds
        return SqlPorts(Executor(connection, may_write=may_write, statement_seconds=seconds))

    @asynccontextmanager
    async def _connected(
        self, engine: AsyncEngine, deadline: float
    ) -> AsyncIterator[AsyncConnection]:
        with translated():
            connection = await _connect(engine, deadline)
        try:
            yield connection
        finally:
            await shielded(connection.close())


async def _connect(engine: AsyncEngine, deadline: float) -> AsyncConnection:
    """
    Return a connection of the pool.

    Raises:
        TimeoutError: If there is none in time. Drivers take seconds to give up an attempt: it goes
            on without us, and what comes of it goes back to the pool.
    """
    loop = asyncio.get_running_loop()
    task = asyncio.ensure_future(engine.connect().start())
    try:
        await asyncio.wait({task}, timeout=max(0.0, deadline - loop.time()))
    except asyncio.CancelledError:
        _give_back(task)
        raise
    if task.done():
        return task.result()
    _give_back(task)
    raise TimeoutError


def _give_back(task: asyncio.Future[AsyncConnection]) -> None:
    async def close() -> None:
        with suppress(SQLAlchemyError, OSError):
            await (await task).close()

    late = asyncio.ensure_future(close())
    _late.add(late)
    late.add_done_callback(_late.discard)


async def _commit(connection: AsyncConnection) -> None:
    try:
        await connection.commit()
    except Exception:
        # The pool would take it back with its transaction open, and the next one would go on in it.
        await connection.invalidate()
        raise
