"""Whether what stands in the ledger fits together: one account's records, read once, in order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Final, NamedTuple

from plg.domain.ledger.archives import Checkpoint, KeptCheckpoint
from plg.domain.ledger.chain import LedgerChain
from plg.domain.ledger.kept_statements import KeptStatement, StatementsDigest
from plg.domain.ledger.usage import LineKey, UsageRecord
from plg.domain.ledger.verification.chains import (
    NO_RECORD,
    ChainCheck,
    SealedRecord,
    check_checkpoint,
)
from plg.domain.ledger.verification.findings import AccountFindings, Difference, Fault
from plg.domain.ledger.verification.statements import ClosingsCheck

NEVER: Final = 1 << 62
_MARK_BYTES: Final = 16


class SeenRecords(NamedTuple):
    """
    The distinct records that were seen on a day.

    Attributes:
        marks: The sum of their marks, which tells one set of them from another.
    """

    records: int = 0
    marks: int = 0


@dataclass(frozen=True, slots=True)
class AccountBook:
    """
    What the counters of an account say, all at one instant.

    Attributes:
        last_sequence: None where they say nothing of the account.
        days: Requests and distinct records of each day by resource; what was counted before
            there were counts by resource is under the empty name.
        lines: Units and records of what is not billed yet.
        seen: Distinct records of each day; of days that are over, not all are kept.
        checkpoints: Of ranges that were archived, in their order.
        position: Of the last statement of the installation.
    """

    account_id: str
    last_sequence: int | None
    head: bytes
    billed_to: int
    days: dict[tuple[int, str], tuple[int, int]]
    lines: dict[LineKey, tuple[int, int]]
    seen: dict[int, SeenRecords] = field(default_factory=dict)
    checkpoints: Sequence[KeptCheckpoint] = ()
    position: int = 0

    @property
    def archived_to(self) -> int:
        """The last record that was archived; 0 for none."""
        return self.checkpoints[-1].checkpoint.last if self.checkpoints else 0


def record_mark(day: int, key: str) -> int:
    """Return a number that stands for a record on a day; usage records name no space of keys."""
    return int.from_bytes(blake2b(f"{day}:{key}".encode(), digest_size=_MARK_BYTES).digest())


class AccountCheck:
    """
    Adds up an account's records, and compares.

    Memory grows with days and lines, not with records.

    Args:
        findings: Where differences go.
        seen_from: The first day of which all distinct records that were seen are kept.
    """

    def __init__(
        self,
        chain: LedgerChain,
        book: AccountBook,
        findings: AccountFindings | None = None,
        seen_from: int = NEVER,
    ) -> None:
        self._book = book
        self._seen_from = seen_from
        self._findings = findings or AccountFindings(book.account_id)
        self._links = ChainCheck(chain, self._findings)
        self._closings = ClosingsCheck(self._findings)
        self._archives = list(book.checkpoints)
        self._digest = StatementsDigest()
        self._days: dict[tuple[int, str], list[int]] = {}
        self._whole_days = {day for day, resource in book.days if not resource}
        self._seen: dict[int, list[int]] = {}
        self._erased: set[int] = set()
        for each in book.checkpoints:
            check_checkpoint(chain, self._findings, each)
            self._pass(each.checkpoint)

    def add(self, sealed: SealedRecord) -> None:
        """Take the next record."""
        try:
            self._links.add(sealed)
            self._count(sealed.record)
            self._closings.add(sealed.record, sealed.mac)
        except NO_RECORD:
            detail = "a value of it is of no kind that was ever written"
            self._findings.add(Fault.CHANGED, detail, sequence=sealed.record.sequence)

    def close(self, closing: Sequence[KeptStatement]) -> None:
        """Take the statements, one a currency, of the records up to here."""
        last = closing[0].last
        if not self._archives or last is None or last > self._book.archived_to:
            self._closings.close(closing)
            return
        kept = self._archives[0]
        for each in closing:
            self._digest.add(each)
        if last >= kept.checkpoint.last:
            self._archives.pop(0)
            digest, self._digest = self._digest.value(), StatementsDigest()
            detail = f"the statements of archived records up to {kept.checkpoint.last}"
            self._findings.compare(Fault.ARCHIVE, detail, kept.checkpoint.statements, digest)

    def finish(self) -> list[Difference]:
        """Compare with the counters; return the differences that were kept."""
        for kept in self._archives:
            detail = f"no statement covers archived records up to {kept.checkpoint.last}"
            self._findings.add(Fault.ARCHIVE, detail)
        self._finish_chain()
        self._finish_days()
        made = {line: (units, count) for line, (units, count) in self._closings.sums.items()}
        for line in sorted(made.keys() | self._book.lines.keys(), key=str):
            name = " ".join(map(str, line[1:]))
            self._compare(Fault.LINE, f"line {name}", made.get(line), self._book.lines.get(line))
        return self._findings.all.differences

    def _pass(self, checkpoint: Checkpoint) -> None:
        """Go through a range that was archived."""
        before = (self._links.sequence + 1, self._links.head)
        detail = f"where archived records up to {checkpoint.last} begin"
        found = (checkpoint.first, checkpoint.previous_head)
        self._findings.compare(Fault.ARCHIVE, detail, _place(before), _place(found))
        self._links.sequence, self._links.head = checkpoint.last, checkpoint.head
        self._closings.skip(checkpoint.last)
        for day, requests, vins in checkpoint.days:
            self._whole_days.add(day)
            self._add_day(day, "", requests, vins)

    def _count(self, record: UsageRecord) -> None:
        if not (record.requests or record.vins):
            return
        self._add_day(record.day, record.resource, record.requests, record.vins)
        if record.vins and record.day >= self._seen_from:
            if record.record_key is None:
                self._erased.add(record.day)
            else:
                seen = self._seen.setdefault(record.day, [0, 0])
                seen[0] += record.vins
                seen[1] += record.vins * record_mark(record.day, record.record_key)

    def _add_day(self, day: int, resource: str, requests: int, vins: int) -> None:
        sums = self._days.setdefault((day, resource), [0, 0])
        sums[0] += requests
        sums[1] += vins

    def _finish_chain(self) -> None:
        book, links = self._book, self._links
        if book.last_sequence is None:
            detail = "there are no counters of this account"
            self._findings.add(Fault.UNKNOWN_ACCOUNT, detail)
            return
        if links.sequence < book.last_sequence:
            links.find_missing(book.last_sequence)
        detail = "the seal at the end of the chain"
        self._findings.compare(Fault.HEAD, detail, links.head, book.head)
        detail = "the last record that a statement covers"
        self._findings.compare(Fault.RANGE, detail, self._closings.closed_to, book.billed_to)

    def _finish_days(self) -> None:
        made_days, kept_days = self._by_resource(self._days), self._by_resource(self._book.days)
        for day, resource in sorted(made_days.keys() | kept_days.keys(), key=str):
            name = f"day {day} {resource}".rstrip()
            place = (day, resource)
            self._compare(Fault.DAY, name, made_days.get(place), kept_days.get(place))
        kept = self._book.seen
        recent = {day for day in kept if day >= self._seen_from}
        for day in sorted(recent | self._seen.keys()):
            made, seen = self._seen.get(day, [0, 0]), kept.get(day, SeenRecords())
            if day not in self._erased and (seen.records, seen.marks) != tuple(made):
                self._findings.add(
                    Fault.VEHICLES,
                    f"the distinct records that were seen on day {day}",
                    expected=f"{made[0]} distinct records of its usage records",
                    found=f"{seen.records} distinct records"
                    + (", others" if seen.records == made[0] else ""),
                )

    def _by_resource(
        self, days: Mapping[tuple[int, str], Sequence[int]]
    ) -> dict[tuple[int, str], tuple[int, int]]:
        """Return sums by day and resource; by day alone where not all is known by resource."""
        sums: dict[tuple[int, str], tuple[int, int]] = {}
        for (day, resource), (requests, vins) in days.items():
            place = (day, "" if day in self._whole_days else resource)
            before = sums.get(place, (0, 0))
            sums[place] = before[0] + requests, before[1] + vins
        return sums

    def _compare(
        self, fault: Fault, name: str, made: tuple[int, int] | None, kept: tuple[int, int] | None
    ) -> None:
        if (made or (0, 0)) != (kept or (0, 0)):
            told = "nothing" if kept is None else " and ".join(map(str, kept))
            of_records = " and ".join(map(str, made or (0, 0)))
            self._findings.add(fault, name, expected=of_records, found=told)


def _place(place: tuple[int, bytes]) -> str:
    return f"{place[0]} after {place[1].hex()}"
