"""The durable database in memory."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from plg.application.ports.identity.access_changes import AccessChange
from plg.application.ports.work import UnitOfWorkPort, Work
from plg.domain.audit import Action, AuditRecord
from plg.domain.errors import StorageUnavailable
from tests.fakes.memory_accounts import MemoryAccounts, MemoryMailedLinks
from tests.fakes.memory_api_keys import MemoryApiKeys
from tests.fakes.memory_archives import MemoryArchives, MemoryFreeUsage, MemoryRecordKeys
from tests.fakes.memory_fleets import MemoryFleets
from tests.fakes.memory_notices import MemoryNotices, MemoryWebhooks
from tests.fakes.memory_observations import MemoryObservations
from tests.fakes.memory_plans import MemoryPlans
from tests.fakes.memory_records import (
    Committed,
    MemoryAccessChangeFeed,
    MemoryAccessChanges,
    MemoryAttempts,
    MemoryAudit,
    MemorySigningKeys,
)
from tests.fakes.memory_sessions import MemoryDevices, MemorySessions
from tests.fakes.memory_statements import MemoryStatements
from tests.fakes.memory_tables import Switch, Tables, Transaction
from tests.fakes.memory_usage import MemoryUsage


class MemoryPorts(Work):
    """The ports of one transaction."""

    def __init__(self, transaction: Transaction) -> None:
        self.accounts = MemoryAccounts(transaction)
        self.api_keys = MemoryApiKeys(transaction)
        self.sessions = MemorySessions(transaction)
        self.devices = MemoryDevices(transaction)
        self.mailed_links = MemoryMailedLinks(transaction)
        self.attempts = MemoryAttempts(transaction)
        self.signing_keys = MemorySigningKeys(transaction)
        self.plans = MemoryPlans(transaction)
        self.fleets = MemoryFleets(transaction)
        self.audit = MemoryAudit(transaction)
        self.access_changes = MemoryAccessChanges(transaction)
        self.observations = MemoryObservations(transaction)
        self.usage = MemoryUsage(transaction)
        self.statements = MemoryStatements(transaction)
        self.archives = MemoryArchives(transaction)
        self.record_keys = MemoryRecordKeys(transaction)
        self.free_usage = MemoryFreeUsage(transaction)
        self.notices = MemoryNotices(transaction)
        self.webhooks = MemoryWebhooks(transaction)


class MemoryWork(UnitOfWorkPort):
    """
    Changes work on a copy that takes the place of the tables at their end.

    `is_down` makes everything fail; `tables`, `audit_records` and `changes` are what was
    committed; `commits` counts.
    """

    def __init__(self, *, wait_seconds: float = 2.0) -> None:
        self.commits = 0
        self._committed = Committed()
        self._switch = Switch()
        self._turns = asyncio.Lock()
        self._wait_seconds = wait_seconds

    @property
    def is_down(self) -> bool:
        return self._switch.is_down

    @is_down.setter
    def is_down(self, is_down: bool) -> None:
        self._switch.is_down = is_down

    @property
    def tables(self) -> Tables:
        return self._committed.tables

    @property
    def audit_records(self) -> list[AuditRecord]:
        return self.tables.audit

    @property
    def actions(self) -> list[Action]:
        return [record.action for record in self.audit_records]

    @property
    def changes(self) -> list[AccessChange]:
        return [each[1] for each in self.tables.changes if each is not None]

    def feed(self) -> MemoryAccessChangeFeed:
        """Return what one more process polls."""
        return MemoryAccessChangeFeed(self._committed, self._switch)

    @asynccontextmanager
    async def change(self) -> AsyncIterator[Work]:
        await self._wait()
        try:
            self._switch.check()
            draft = self.tables.copy()
            yield MemoryPorts(Transaction(draft, self._switch, may_write=True))
            self._switch.check()
            self._committed.tables = draft
            self.commits += 1
        finally:
            self._turns.release()

    @asynccontextmanager
    async def look(self) -> AsyncIterator[Work]:
        self._switch.check()
        yield MemoryPorts(Transaction(self.tables, self._switch, may_write=False))

    async def _wait(self) -> None:
        try:
            async with asyncio.timeout(self._wait_seconds):
                await self._turns.acquire()
        except TimeoutError as error:
            raise StorageUnavailable("other changes take too long") from error
