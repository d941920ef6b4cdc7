"""A ledger that is verified, archived, and erased from."""

from dataclasses import replace
from pathlib import Path
from typing import Final

from plg.application.audited_change import AuditedChange
from plg.application.ledger.archive_ledger import ArchiveLedger, ArchiveReport
from plg.application.ledger.erase_in_archives import EraseInArchives
from plg.application.ledger.erase_record_key import EraseRecordKey, Erasure, ErasureQuery
from plg.application.ledger.remove_archived import RemoveArchived
from plg.application.ledger.verify_archive import VerifyArchive
from plg.application.ledger.verify_ledger import LedgerReport, VerifyLedger
from plg.application.ledger.write_archive import WriteArchive
from plg.domain.limits.rates import DAY_SECONDS
from tests.fakes.archive_files import MemoryArchiveFiles
from tests.fakes.ledger_books import MemoryLedgerBooks
from tests.fakes.memory_usage import CHAIN
from tests.fakes.remembered import NotedForgetting
from tests.fakes.usage import ANA
from tests.unit.billing.paying import ACTOR, Paying

FOLDER: Final = Path("/archive")
WEEK: Final = 7 * DAY_SECONDS


class Keeping(Paying):
    """Archives into a folder in memory; `naps` is how often others got time to write."""

    def __init__(self) -> None:
        super().__init__()
        self.files, self.books, self.naps = MemoryArchiveFiles(), MemoryLedgerBooks(self.work), 0
        work, files, books, clock = self.work, self.files, self.books, self.clock
        self.verify_file = VerifyArchive(files, CHAIN)
        write = WriteArchive(books, files, self.verify_file, CHAIN, clock)
        self.remove = RemoveArchived(work, files, self.nap)
        changes = AuditedChange(work, NotedForgetting(), clock)
        self.archiving = ArchiveLedger(changes, books, write, self.remove)
        in_archives = EraseInArchives(files, CHAIN)
        self.erasing = EraseRecordKey(changes, books, CHAIN, in_archives, self.nap)

    async def nap(self, _seconds: float) -> None:
        self.naps += 1

    async def verify(self) -> LedgerReport:
        return await VerifyLedger(self.books, CHAIN, self.clock)()

    async def archive(self, account_id: str | None = ANA, *, days: float = 3) -> ArchiveReport:
        """Archive what statements cover that are so many days old."""
        before = self.clock.now() - days * DAY_SECONDS
        return await self.archiving(account_id, before, FOLDER, ACTOR)

    async def erase(self, *keys: str, **more: object) -> Erasure:
        query = replace(ErasureQuery(frozenset(keys)), **more)  # type: ignore[arg-type]
        return await self.erasing(query, ACTOR)

    def sequences(self, account_id: str = ANA) -> list[int]:
        """Return the records that are still in the database."""
        return sorted(number for owner, number in self.work.tables.usage if owner == account_id)
