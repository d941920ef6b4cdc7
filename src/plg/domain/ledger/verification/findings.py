"""What does not fit in the ledger, and where."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

DIFFERENCES_MAX: Final = 1000


class Fault(StrEnum):
    """What can be wrong."""

    MISSING = "missing"  # a number without a record
    CHANGED = "changed"  # a record that its seal does not fit
    UNKNOWN_SECRET = "unknown_secret"
    GROUP = "group"  # bounds of a group that cannot be
    UNKNOWN_ACCOUNT = "unknown_account"  # records, or sums, that no account's counters tell of
    HEAD = "head"  # the chain does not end where the counters, or a statement, say
    DAY = "day"  # the counters of a day
    VEHICLES = "vehicles"  # the vehicles that were seen on a day
    LINE = "line"  # a sum of what is not billed yet
    NUMBER = "number"  # numbers of statements with a gap, or out of order
    RANGE = "range"  # the records that a statement covers
    STATEMENT_LINE = "statement_line"  # a line that its records do not make
    AMOUNT = "amount"  # a sum of lines
    BALANCE = "balance"  # a sum of statements
    CREDIT = "credit"  # a credit note that does not fit its statement
    ARCHIVE = "archive"  # what was kept of records that were moved to a file


@dataclass(frozen=True, slots=True)
class Difference:
    """
    Something that does not fit.

    Attributes:
        account_id: None where it is about the installation.
        sequence: The record; None where it is not about one.
        number: The statement or credit note; None where it is not about one.
        expected: What the records make; None where there is no saying.
        found: What stands there instead.
    """

    account_id: str | None
    fault: Fault
    detail: str
    sequence: int | None = None
    number: str | None = None
    expected: str | None = None
    found: str | None = None


@dataclass(slots=True)
class Findings:
    """
    The first differences, and how many there are.

    Attributes:
        most: How many are kept.
    """

    most: int = DIFFERENCES_MAX
    differences: list[Difference] = field(default_factory=list)
    count: int = 0

    def add(self, difference: Difference) -> None:
        """Take note of one."""
        self.count += 1
        if len(self.differences) < self.most:
            self.differences.append(difference)


@dataclass(frozen=True, slots=True)
class AccountFindings:
    """What is found in one account."""

    account_id: str
    all: Findings = field(default_factory=Findings)

    def add(
        self,
        fault: Fault,
        detail: str,
        *,
        sequence: int | None = None,
        number: str | None = None,
        expected: object = None,
        found: object = None,
    ) -> None:
        """Take note of a difference."""
        texts = [None if each is None else str(each) for each in (expected, found)]
        self.all.add(Difference(self.account_id, fault, detail, sequence, number, *texts))

    def compare(
        self, fault: Fault, detail: str, expected: object, found: object, number: str | None = None
    ) -> bool:
        """Take note of it where two values differ; tell whether they are the same."""
        if expected == found:
            return True
        texts = [_told(each) for each in (expected, found)]
        self.add(fault, detail, number=number, expected=texts[0], found=texts[1])
        return False


def _told(value: object) -> str:
    if value is None:
        return "nothing"
    return value.hex() if isinstance(value, bytes) else str(value)
