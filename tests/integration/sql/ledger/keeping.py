"""Archiving and erasing in a file, beside a ledger."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from plg.adapters.files.archives import GzipArchives
from plg.adapters.sql.database.dialects import create_durable_engine
from plg.adapters.sql.ledger.ledger_books import SqlLedgerBooks
from plg.adapters.sql.work import SqlWork
from plg.application.audited_change import AuditedChange
from plg.application.ledger.archive_ledger import ArchiveLedger, ArchiveReport
from plg.application.ledger.erase_in_archives import EraseInArchives
from plg.application.ledger.erase_record_key import EraseRecordKey
from plg.application.ledger.remove_archived import RemoveArchived
from plg.application.ledger.verify_archive import VerifyArchive
from plg.application.ledger.write_archive import WriteArchive
from plg.domain.audit import OPERATOR
from plg.domain.ledger.chain import LedgerChain
from plg.domain.limits.rates import DAY_SECONDS
from tests.fakes.clock import NOON, StoppedClock
from tests.fakes.remembered import NotedForgetting
from tests.integration.sql.database import url_of
from tests.integration.sql.ledger.files import KEYRING

LATER: Final = NOON + 30 * DAY_SECONDS
CHAIN: Final = LedgerChain(KEYRING)


async def no_nap(_seconds: float) -> None:
    """Go on at once."""


@dataclass(frozen=True, slots=True)
class Keeper:
    archiving: ArchiveLedger
    remove: RemoveArchived
    erasing: EraseRecordKey
    verify_file: VerifyArchive
    folder: Path

    async def archive(self, account_id: str | None = None) -> ArchiveReport:
        """Archive what was closed until a while ago."""
        return await self.archiving(account_id, LATER - 4 * DAY_SECONDS, self.folder, OPERATOR)


@asynccontextmanager
async def keeping(path: Path) -> AsyncIterator[Keeper]:
    """Keep a file as the command line does, a month later."""
    engine = create_durable_engine(url_of(path))
    work, books, files = SqlWork(engine), SqlLedgerBooks(engine), GzipArchives()
    clock = StoppedClock(LATER)
    changes = AuditedChange(work, NotedForgetting(), clock)
    verify = VerifyArchive(files, CHAIN)
    remove = RemoveArchived(work, files, no_nap)
    write = WriteArchive(books, files, verify, CHAIN, clock)
    archiving = ArchiveLedger(changes, books, write, remove)
    in_archives = EraseInArchives(files, CHAIN)
    erasing = EraseRecordKey(changes, books, CHAIN, in_archives, no_nap)
    try:
        yield Keeper(archiving, remove, erasing, verify, path.parent / "archive")
    finally:
        await engine.dispose()
