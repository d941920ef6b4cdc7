"""Whether what stands in the ledger fits together: one account's records, read once, in order."""

from dataclasses import dataclass, field
from enum import StrEnum
from hmac import compare_digest
from typing import NamedTuple

from plg.domain.ledger_chain import GENESIS, LedgerChain
from plg.domain.usage import LineKey, UsageRecord


class Fault(StrEnum):
    """What can be wrong."""

    MISSING = "missing"  # a number without a record
    CHANGED = "changed"  # a record that its seal does not fit
    UNKNOWN_SECRET = "unknown_secret"  # nosec B105  # the name of a fault
    GROUP = "group"  # bounds of a group that cannot be
    UNKNOWN_ACCOUNT = "unknown_account"  # records, or sums, that no account's counters tell of
    HEAD = "head"  # the chain does not end where the counters say
    DAY = "day"  # the counters of a day
    LINE = "line"  # a sum of what is not billed yet


@dataclass(frozen=True, slots=True)
class Difference:
    """
    Something that does not fit.

    Attributes:
        sequence: The record; None where it is not about one.
    """

    account_id: str
    fault: Fault
    detail: str
    sequence: int | None = None


class SealedRecord(NamedTuple):
    """A record as it stands in the ledger."""

    record: UsageRecord
    pepper_id: str
    mac: bytes
    key_digest: bytes | None


@dataclass(frozen=True, slots=True)
class AccountBook:
    """
    What the counters of an account say, all at one instant.

    Attributes:
        last_sequence: None where they say nothing of the account.
        days: Requests and vehicles of each day.
        lines: Units and records of what is not billed yet.
    """

    account_id: str
    last_sequence: int | None
    head: bytes
    billed_to: int
    days: dict[int, tuple[int, int]]
    lines: dict[LineKey, tuple[int, int]]


@dataclass(slots=True)
class AccountCheck:
    """
    Adds up an account's records, and compares.

    Memory grows with days and lines, not with records.
    """

    chain: LedgerChain
    book: AccountBook
    differences: list[Difference] = field(default_factory=list)
    _sequence: int = 0
    _head: bytes = GENESIS
    _group: int = 0
    _days: dict[int, list[int]] = field(default_factory=dict)
    _lines: dict[LineKey, list[int]] = field(default_factory=dict)
    _unknown: set[str] = field(default_factory=set)

    def add(self, sealed: SealedRecord) -> None:
        """Take the next record."""
        record = sealed.record
        if record.sequence != self._sequence + 1:
            self._find_missing(record.sequence - 1)
        self._check_seal(sealed)
        self._check_group(record)
        self._sequence, self._head, self._group = record.sequence, sealed.mac, record.group_first
        if record.requests or record.vins:
            day = self._days.setdefault(record.day, [0, 0])
            day[0] += record.requests
            day[1] += record.vins
        if record.sequence > self.book.billed_to:
            line = self._lines.setdefault(record.line, [0, 0])
            line[0] += record.units
            line[1] += 1 if record.voids is None else -1

    def finish(self) -> list[Difference]:
        """Compare with the counters; return all that does not fit."""
        book = self.book
        if book.last_sequence is None:
            self._find(Fault.UNKNOWN_ACCOUNT, "there are no counters of this account")
        else:
            if self._sequence < book.last_sequence:
                self._find_missing(book.last_sequence)
            if not compare_digest(self._head, book.head):
                self._find(Fault.HEAD, "the chain does not end with the seal that is kept of it")
        days = {day: (requests, vins) for day, (requests, vins) in self._days.items()}
        for day in sorted(days.keys() | book.days.keys()):
            self._compare(Fault.DAY, f"day {day}", days.get(day), book.days.get(day))
        lines = {line: (units, records) for line, (units, records) in self._lines.items()}
        for line in sorted(lines.keys() | book.lines.keys()):
            name = " ".join(map(str, line[1:]))
            self._compare(Fault.LINE, f"line {name}", lines.get(line), book.lines.get(line))
        return self.differences

    def _check_seal(self, sealed: SealedRecord) -> None:
        record = sealed.record
        try:
            sealer = self.chain.sealer(sealed.pepper_id)
        except KeyError:
            if sealed.pepper_id not in self._unknown:
                self._unknown.add(sealed.pepper_id)
                detail = f"sealed under a secret that is not set (id {sealed.pepper_id}), from here"
                self._find(Fault.UNKNOWN_SECRET, detail, record.sequence)
            return
        mac = sealer.seal(self._head, record, sealed.key_digest)
        if not compare_digest(mac, sealed.mac):
            detail = "the record, or the one before it, is not as it was written"
            self._find(Fault.CHANGED, detail, record.sequence)

    def _check_group(self, record: UsageRecord) -> None:
        if record.group_first not in (record.sequence, self._group):
            detail = f"its group begins at {record.group_first}, which cannot be"
            self._find(Fault.GROUP, detail, record.sequence)

    def _find_missing(self, last: int) -> None:
        first = self._sequence + 1
        numbers = str(first) if first == last else f"{first} to {last}"
        self._find(Fault.MISSING, f"no record of number {numbers}", first)

    def _compare(
        self, fault: Fault, name: str, sum_: tuple[int, int] | None, kept: tuple[int, int] | None
    ) -> None:
        if (sum_ or (0, 0)) != (kept or (0, 0)):
            told = "nothing" if kept is None else " and ".join(map(str, kept))
            of_records = " and ".join(map(str, sum_ or (0, 0)))
            self._find(fault, f"{name}: counted as {told}, the records make {of_records}")

    def _find(self, fault: Fault, detail: str, sequence: int | None = None) -> None:
        self.differences.append(Difference(self.book.account_id, fault, detail, sequence))
