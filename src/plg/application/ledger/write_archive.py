"""Write records and their statements to a file."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from plg.application.ledger.ledger_reading import Closing, LedgerReading, closings_of, merged
from plg.application.ledger.verify_archive import VerifyArchive
from plg.application.ports.clock import ClockPort
from plg.application.ports.ledger.archive_files import (
    ArchiveDraftPort,
    ArchiveFilesPort,
    ArchiveLine,
)
from plg.application.ports.ledger.ledger_books import LedgerBooksPort
from plg.domain.ledger.archives import ArchiveHeader, Checkpoint, KeptCheckpoint
from plg.domain.ledger.chain import GENESIS, LedgerChain
from plg.domain.ledger.kept_statements import KeptStatement
from plg.domain.ledger.verification.archives import ArchiveCheck
from plg.domain.ledger.verification.chains import SealedRecord
from plg.domain.ledger.verification.findings import AccountFindings, Findings
from plg.domain.ledger.verification.ledger import AccountBook

GROUP: Final = 1000


class _Broken(Exception):
    """What was to be written does not fit together."""


@dataclass(frozen=True, slots=True)
class WriteArchive:
    """Verifies a range as it writes it, and the file once more when it is on disk."""

    books: LedgerBooksPort
    files: ArchiveFilesPort
    verify: VerifyArchive
    chain: LedgerChain
    clock: ClockPort

    async def __call__(
        self, book: AccountBook, last: Closing, folder: Path, found: Findings
    ) -> KeptCheckpoint | None:
        """
        Write the account's records that were not archived yet, up to a closing.

        Returns None where they do not fit together; then there is no file, and `found` says why.

        Raises:
            StorageUnavailable: If the database or the file fails.
        """
        header = self._header(book, last)
        path = folder / header.name
        before = found.count
        try:
            async with self.files.draft(path) as draft:
                checkpoint = await self._write(header, book, draft, found)
                _check(found.count == before)
                mac = self.chain.seal_checkpoint(checkpoint.form, checkpoint.pepper_id)
                kept = KeptCheckpoint(checkpoint, mac, str(path))
                await draft.add([kept])
        except _Broken:
            return None
        report = await self.verify(path)
        for each in report.differences:
            found.add(each)
        return kept if report.is_good else None

    def _header(self, book: AccountBook, last: Closing) -> ArchiveHeader:
        newest = book.checkpoints[-1].checkpoint.head if book.checkpoints else GENESIS
        return ArchiveHeader(
            book.account_id,
            book.archived_to + 1,
            last[0].last or 0,
            newest,
            last[0].head or GENESIS,
            self.chain.pepper_id,
        )

    async def _write(
        self, header: ArchiveHeader, book: AccountBook, draft: ArchiveDraftPort, found: Findings
    ) -> Checkpoint:
        check = ArchiveCheck(self.chain, header, AccountFindings(header.account_id, found))
        lines: list[ArchiveLine] = [header]
        async with aclosing(self._range(header, book)) as both:
            async for each in both:
                if isinstance(each, SealedRecord):
                    check.add(each)
                    lines.append(each)
                else:
                    check.close(each)
                    lines += each
                if len(lines) >= GROUP:
                    await draft.add(lines)
                    lines = []
        await draft.add(lines)
        return check.checkpoint(self.clock.now())

    def _range(
        self, header: ArchiveHeader, book: AccountBook
    ) -> AsyncGenerator[SealedRecord | Closing]:
        reading = LedgerReading(self.books)
        account_id = header.account_id
        records = reading.records(account_id, after=header.first - 1, up_to=header.last)
        statements = reading.statements(account_id, up_to=book.position)
        return merged(records, closings_of(_within(statements, header)))


def _check(fits: bool) -> None:  # noqa: FBT001 - raises where not
    if not fits:
        raise _Broken


async def _within(
    statements: AsyncGenerator[KeptStatement], header: ArchiveHeader
) -> AsyncGenerator[KeptStatement]:
    """Yield those that cover records of the range."""
    async with aclosing(statements):
        async for each in statements:
            if each.last is not None and header.first <= each.last <= header.last:
                yield each
