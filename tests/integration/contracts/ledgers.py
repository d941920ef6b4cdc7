"""Ledgers as two processes have them."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL, make_url

from plg.adapters.sql.ledger.group_commit.books import RECORD_COLUMNS
from plg.adapters.sql.ledger.group_commit.ledger import SqlLedger
from plg.adapters.sql.ledger.group_commit.server import ServerStore
from plg.application.ports.ledger.ledger import LedgerPort
from plg.domain.errors import PlgError
from plg.domain.ledger.usage import Counted, UsageRecord
from tests.fakes.clock import StoppedClock
from tests.fakes.ledger import MemoryLedger
from tests.integration.sql.ledger import files


@dataclass
class Ledgers:
    """One ledger, as two processes have it."""

    ours: LedgerPort
    theirs: LedgerPort
    records: Callable[[], list[UsageRecord]]
    clock: StoppedClock

    def of(self, account_id: str) -> list[UsageRecord]:
        return [each for each in self.records() if each.account_id == account_id]


@asynccontextmanager
async def ledgers_in_memory() -> AsyncIterator[Ledgers]:
    clock = StoppedClock()
    twin = MemoryLedger(clock)
    yield Ledgers(twin, twin, lambda: twin.records, clock)


@asynccontextmanager
async def ledgers_in(path: Path) -> AsyncIterator[Ledgers]:
    """Open a migrated file twice."""
    clock = StoppedClock()
    async with AsyncExitStack() as stack:
        ours, theirs = [
            await stack.enter_async_context(files.opened(path, clock)) for _ in range(2)
        ]
        yield Ledgers(ours, theirs, lambda: files.records(path), clock)


@asynccontextmanager
async def ledgers_on(url: str, folder: Path) -> AsyncIterator[Ledgers]:
    """Open a migrated database on a server twice, each with a folder of its own."""
    clock, address = StoppedClock(), make_url(url)
    async with AsyncExitStack() as stack:
        ours, theirs = [
            SqlLedger(ServerStore(address), files.KEYRING, folder / name, clock, files.unheard)
            for name in ("ours", "theirs")
        ]
        for each in (ours, theirs):
            each.start()
            stack.push_async_callback(each.close)
        yield Ledgers(ours, theirs, lambda: _records(address), clock)


def _records(address: URL) -> list[UsageRecord]:
    session = ServerStore(address).connect()
    query = f"SELECT {RECORD_COLUMNS} FROM usage_records ORDER BY account_id, sequence"
    try:
        return [UsageRecord(*row) for row in session.rows(query)]
    finally:
        session.close()


def sorted_answers(
    answers: list[Counted | PlgError],
) -> tuple[list[Counted], list[PlgError]]:
    good = [each for each in answers if isinstance(each, Counted)]
    return good, [each for each in answers if isinstance(each, PlgError)]
