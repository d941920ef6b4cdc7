"""Whether records that are moved to a file, or stand in one, fit together."""

from collections.abc import Sequence

from plg.domain.ledger.archives import ArchiveHeader, Checkpoint, DaySum, KeptCheckpoint
from plg.domain.ledger.chain import LedgerChain
from plg.domain.ledger.kept_statements import KeptStatement, StatementsDigest
from plg.domain.ledger.verification.chains import (
    NO_RECORD,
    ChainCheck,
    SealedRecord,
    check_checkpoint,
)
from plg.domain.ledger.verification.findings import AccountFindings, Fault
from plg.domain.ledger.verification.statements import ClosingsCheck


class ArchiveCheck:
    """Adds up a range of an account's records, which statements cover to its last one."""

    def __init__(
        self, chain: LedgerChain, header: ArchiveHeader, findings: AccountFindings
    ) -> None:
        self._header, self._chain, self._findings = header, chain, findings
        self._links = ChainCheck(chain, findings, header.first - 1, header.previous_head)
        self._closings = ClosingsCheck(findings, header.first - 1)
        self._digest = StatementsDigest()
        self._days: dict[int, list[int]] = {}
        self._from_at: int | None = None
        self._to_at = 0

    def add(self, sealed: SealedRecord) -> None:
        """Take the next record."""
        record = sealed.record
        try:
            if record.account_id != self._header.account_id:
                detail = "a record of another account"
                self._findings.add(Fault.CHANGED, detail, sequence=record.sequence)
            self._links.add(sealed)
            self._closings.add(record, sealed.mac)
        except NO_RECORD:
            detail = "a value of it is of no kind that was ever written"
            self._findings.add(Fault.CHANGED, detail, sequence=record.sequence)
            return
        self._to_at = record.at
        if self._from_at is None:
            self._from_at = record.at
        if record.requests or record.vins:
            sums = self._days.setdefault(record.day, [0, 0])
            sums[0] += record.requests
            sums[1] += record.vins

    def close(self, closing: Sequence[KeptStatement]) -> None:
        """Take the statements, one a currency, of the records up to here."""
        self._closings.close(closing)
        for each in closing:
            self._digest.add(each)

    def checkpoint(self, archived_at: float, pepper_id: str | None = None) -> Checkpoint:
        """Return what stands for these records; take note of it where their end does not fit."""
        header, links = self._header, self._links
        made = (links.sequence, links.head, self._closings.closed_to)
        self._findings.compare(Fault.HEAD, "the last record", header.last, made[0])
        self._findings.compare(Fault.HEAD, "the seal of the last record", header.head, made[1])
        detail = "the last record that a statement covers"
        self._findings.compare(Fault.RANGE, detail, header.last, made[2])
        return Checkpoint(
            header.account_id,
            header.first,
            header.last,
            header.previous_head,
            header.head,
            self._from_at or 0,
            self._to_at,
            tuple(DaySum(day, *self._days[day]) for day in sorted(self._days)),
            self._digest.value(),
            archived_at,
            self._chain.pepper_id if pepper_id is None else pepper_id,
        )

    def finish(self, kept: KeptCheckpoint) -> None:
        """Compare with the checkpoint at the end of a file."""
        check_checkpoint(self._chain, self._findings, kept)
        checkpoint = kept.checkpoint
        made = self.checkpoint(checkpoint.archived_at, checkpoint.pepper_id)
        if made != checkpoint:
            detail = "its records and statements are not those of its checkpoint"
            self._findings.add(Fault.ARCHIVE, detail)
