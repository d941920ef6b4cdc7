"""Whether records follow each other, each as it was written."""

from dataclasses import dataclass, field
from hmac import compare_digest
from struct import error as struct_error
from typing import Final, NamedTuple

from plg.domain.ledger.archives import KeptCheckpoint
from plg.domain.ledger.chain import GENESIS, LedgerChain
from plg.domain.ledger.usage import UsageRecord
from plg.domain.ledger.verification.findings import AccountFindings, Fault

NO_RECORD: Final = (TypeError, ValueError, AttributeError, OverflowError, struct_error)
"""What a record raises whose values are of kinds that were never written."""


class SealedRecord(NamedTuple):
    """A record as it stands in the ledger."""

    record: UsageRecord
    pepper_id: str
    mac: bytes
    key_digest: bytes | None


@dataclass(slots=True)
class ChainCheck:
    """
    Whether records follow each other, each as it was written.

    Attributes:
        sequence: The last record.
        head: Its MAC.
    """

    chain: LedgerChain
    findings: AccountFindings
    sequence: int = 0
    head: bytes = GENESIS
    _group: int = 0
    _unknown: set[str] = field(default_factory=set)

    def add(self, sealed: SealedRecord) -> None:
        """Take the next record."""
        record = sealed.record
        if record.sequence != self.sequence + 1:
            self.find_missing(record.sequence - 1)
        self._check_seal(sealed)
        if record.group_first not in (record.sequence, self._group):
            self.findings.add(
                Fault.GROUP,
                "the record at which its group begins",
                sequence=record.sequence,
                expected=f"{record.sequence} or {self._group}",
                found=record.group_first,
            )
        self.sequence, self.head, self._group = record.sequence, sealed.mac, record.group_first

    def find_missing(self, last: int) -> None:
        """Take note that there is no record up to a number."""
        first = self.sequence + 1
        numbers = str(first) if first == last else f"{first} to {last}"
        self.findings.add(Fault.MISSING, f"no record of number {numbers}", sequence=first)

    def _check_seal(self, sealed: SealedRecord) -> None:
        sequence = sealed.record.sequence
        try:
            sealer = self.chain.sealer(sealed.pepper_id)
        except KeyError:
            if sealed.pepper_id not in self._unknown:
                self._unknown.add(sealed.pepper_id)
                detail = f"sealed under a secret that is not set (id {sealed.pepper_id}), from here"
                self.findings.add(Fault.UNKNOWN_SECRET, detail, sequence=sequence)
            return
        mac = sealer.seal(self.head, sealed.record, sealed.key_digest)
        if not compare_digest(mac, sealed.mac):
            detail = "the record, or the one before it, is not as it was written"
            self.findings.add(
                Fault.CHANGED,
                detail,
                sequence=sequence,
                expected=mac.hex(),
                found=sealed.mac.hex(),
            )


def check_checkpoint(chain: LedgerChain, findings: AccountFindings, kept: KeptCheckpoint) -> None:
    """Compare a checkpoint with its seal."""
    checkpoint = kept.checkpoint
    name = f"the checkpoint of archived records {checkpoint.first} to {checkpoint.last}"
    try:
        mac = chain.seal_checkpoint(checkpoint.form, checkpoint.pepper_id)
    except KeyError:
        detail = f"{name}: sealed under a secret that is not set (id {checkpoint.pepper_id})"
        findings.add(Fault.UNKNOWN_SECRET, detail)
        return
    if not compare_digest(mac, kept.mac):
        detail = f"{name} is not as it was written"
        findings.add(Fault.ARCHIVE, detail, expected=mac.hex(), found=kept.mac.hex())
