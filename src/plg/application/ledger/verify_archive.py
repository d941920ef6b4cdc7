"""Does a file of archived records fit together?"""

from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path

from plg.application.ledger.ledger_reading import Closing
from plg.application.ledger.verify_ledger import LedgerReport
from plg.application.ports.ledger.archive_files import ArchiveFilesPort, ArchiveLine
from plg.domain.errors import StorageUnavailable
from plg.domain.ledger.archives import ArchiveHeader, KeptCheckpoint
from plg.domain.ledger.chain import LedgerChain
from plg.domain.ledger.kept_statements import KeptStatement
from plg.domain.ledger.verification.archives import ArchiveCheck
from plg.domain.ledger.verification.chains import SealedRecord
from plg.domain.ledger.verification.findings import AccountFindings


@dataclass(frozen=True, slots=True)
class VerifyArchive:
    """Recomputes chain, statements and checkpoint of a file, without any database."""

    files: ArchiveFilesPort
    chain: LedgerChain

    async def __call__(self, path: Path) -> LedgerReport:
        """
        Return what does not fit.

        Raises:
            StorageUnavailable: If the file cannot be read, or is no complete archive.
        """
        reader = _Reader(self.chain, path)
        async with aclosing(self.files.pages(path)) as pages:
            async for page in pages:
                for line in page:
                    reader.take(line)
        return reader.finish()


class _Reader:
    """Takes the lines of a file, in their order."""

    def __init__(self, chain: LedgerChain, path: Path) -> None:
        self._chain, self._path = chain, path
        self._report = LedgerReport(accounts=1)
        self._check: ArchiveCheck | None = None
        self._closing: Closing = []
        self._is_over = False

    def take(self, line: ArchiveLine) -> None:
        check = self._check
        if self._is_over or isinstance(line, ArchiveHeader) is not (check is None):
            raise self._broken("its lines are out of order")
        if isinstance(line, ArchiveHeader):
            findings = AccountFindings(line.account_id, self._report.findings)
            self._check = ArchiveCheck(self._chain, line, findings)
        elif check is not None:
            self._add(check, line)

    def finish(self) -> LedgerReport:
        if not self._is_over:
            raise self._broken("it ends before its checkpoint")
        return self._report

    def _add(
        self, check: ArchiveCheck, line: SealedRecord | KeptStatement | KeptCheckpoint
    ) -> None:
        if isinstance(line, KeptStatement):
            self._add_statement(check, line)
            return
        self._close(check)
        if isinstance(line, SealedRecord):
            check.add(line)
            self._report.records += 1
        else:
            check.finish(line)
            self._is_over = True

    def _add_statement(self, check: ArchiveCheck, line: KeptStatement) -> None:
        closing = self._closing
        if closing and (line.first, line.last) != (closing[0].first, closing[0].last):
            self._close(check)
        self._closing.append(line)
        self._report.statements += 1

    def _close(self, check: ArchiveCheck) -> None:
        if self._closing:
            check.close(self._closing)
            self._closing = []

    def _broken(self, why: str) -> StorageUnavailable:
        return StorageUnavailable(f"the archive {self._path} cannot be read: {why}")
