"""Move billed records to files."""

from contextlib import aclosing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from plg.application.audited_change import AuditedChange
from plg.application.ledger.ledger_reading import Closing, LedgerReading, closings_of
from plg.application.ledger.remove_archived import RemoveArchived
from plg.application.ledger.write_archive import WriteArchive
from plg.application.ports.ledger.ledger_books import LedgerBooksPort
from plg.domain.audit import Action, Actor
from plg.domain.errors import InvalidParameter, StorageUnavailable
from plg.domain.ledger.archives import KeptCheckpoint
from plg.domain.ledger.verification.findings import Findings
from plg.domain.ledger.verification.ledger import AccountBook
from plg.domain.limits.rates import DAY_SECONDS

DAYS_MIN: Final = 3
"""How old a statement must be: its records' idempotency keys and vehicles' days are over then."""


@dataclass(slots=True)
class ArchiveReport:
    """
    What was done.

    Attributes:
        archived: The checkpoints that were added.
        removed: Records that are not in the database any more.
        findings: Why accounts were left as they are.
    """

    archived: list[KeptCheckpoint] = field(default_factory=list)
    removed: int = 0
    findings: Findings = field(default_factory=Findings)


@dataclass(frozen=True, slots=True)
class ArchiveLedger:
    """
    Moves the records that statements of before some instant cover, a file an account.

    A checkpoint is added when its file is on disk, and records are removed when their checkpoint
    is there: interrupted anywhere, nothing is lost, and the next call finishes. An account whose
    records do not fit together is left as it is.
    """

    changes: AuditedChange
    books: LedgerBooksPort
    write: WriteArchive
    remove: RemoveArchived

    async def __call__(
        self, account_id: str | None, before: float, folder: Path, actor: Actor
    ) -> ArchiveReport:
        """
        Archive one account, or all.

        Raises:
            InvalidParameter: If the instant is not some days ago.
            StorageUnavailable: If the database or a file fails.
        """
        if before > self.changes.clock.now() - DAYS_MIN * DAY_SECONDS:
            raise InvalidParameter("--before", f"--before must be at least {DAYS_MIN} days ago.")
        report = ArchiveReport()
        if account_id is not None:
            await self._archive(account_id, before, folder, actor, report)
            return report
        each = await self.books.next_account("")
        while each is not None:
            await self._archive(each, before, folder, actor, report)
            each = await self.books.next_account(each)
        return report

    async def _archive(
        self, account_id: str, before: float, folder: Path, actor: Actor, report: ArchiveReport
    ) -> None:
        report.removed += await self.remove(account_id)
        book = await self.books.book(account_id)
        last = await self._last_closing(book, before)
        if last is None:
            return
        kept = await self.write(book, last, folder, report.findings)
        if kept is not None:
            await self._add(kept, actor)
            report.archived.append(kept)
            report.removed += await self.remove(account_id)

    async def _last_closing(self, book: AccountBook, before: float) -> Closing | None:
        """Return the last closing before an instant that was not archived yet."""
        found: Closing | None = None
        mine = LedgerReading(self.books).statements(book.account_id, up_to=book.position)
        async with aclosing(closings_of(mine)) as closings:
            async for each in closings:
                if each[0].closed_at >= before:
                    break
                if (each[0].last or 0) > book.archived_to:
                    found = each
        return found

    async def _add(self, kept: KeptCheckpoint, actor: Actor) -> None:
        checkpoint = kept.checkpoint
        target = f"account:{checkpoint.account_id}"
        details = {"records": f"{checkpoint.first} to {checkpoint.last}", "file": kept.file}
        async with self.changes(actor) as change:
            archives = change.work.archives
            if await archives.archived_to(checkpoint.account_id) != checkpoint.first - 1:
                raise StorageUnavailable(
                    "another process has archived this account meanwhile: call this again"
                )
            await archives.add(kept)
            await change.record(Action.LEDGER_ARCHIVED, target, details)
