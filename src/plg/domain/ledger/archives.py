"""
What stays in the ledger of records that were moved to a file.

A checkpoint stands for a range of an account's records: how the chain goes through it, what it adds
to the counters of each day, and which statements cover it. It is sealed under the ledger's secret,
so that nobody else can make a gap look like an archive.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class ArchiveHeader:
    """
    What a file of archived records begins with.

    Attributes:
        previous_head: The MAC of the record before the first.
        head: The MAC of the last record, as the statement has it that ends there.
        pepper_id: Of the secret that the file's checkpoint is sealed under.
    """

    account_id: str
    first: int
    last: int
    previous_head: bytes
    head: bytes
    pepper_id: str

    @property
    def name(self) -> str:
        """What its file is called."""
        return f"{self.account_id}-{self.first:012}-{self.last:012}.jsonl.gz"


class DaySum(NamedTuple):
    """What the records of a range add to a day's counters."""

    day: int
    requests: int
    vins: int


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """
    A range of an account's records.

    Attributes:
        previous_head: The MAC of the record before the first.
        head: The MAC of the last record.
        from_at: When the first of them was, in microseconds since the epoch.
        statements: Digest of the statements that cover it.
        pepper_id: Of the secret that the checkpoint is sealed under.
    """

    account_id: str
    first: int
    last: int
    previous_head: bytes
    head: bytes
    from_at: int
    to_at: int
    days: tuple[DaySum, ...]
    statements: bytes
    archived_at: float
    pepper_id: str

    @property
    def records(self) -> int:
        """How many records there are."""
        return self.last - self.first + 1

    @property
    def form(self) -> bytes:
        """What is sealed of it."""
        return json.dumps(
            [
                "plg-ledger-archive-1",
                self.account_id,
                self.first,
                self.last,
                self.previous_head.hex(),
                self.head.hex(),
                self.from_at,
                self.to_at,
                self.days,
                self.statements.hex(),
                self.archived_at,
                self.pepper_id,
            ]
        ).encode()


class KeptCheckpoint(NamedTuple):
    """
    A checkpoint as it stands in the database or in a file.

    Attributes:
        file: Where its records were written to.
    """

    checkpoint: Checkpoint
    mac: bytes
    file: str


def text_of_days(days: Iterable[DaySum]) -> str:
    """Return sums as they are kept."""
    return json.dumps([*days], separators=(",", ":"))


def days_of_text(text: str) -> tuple[DaySum, ...]:
    """
    Read what `text_of_days` wrote.

    Raises:
        ValueError: If it is nothing of the kind.
    """
    try:
        return tuple(
            DaySum(int(day), int(requests), int(vins)) for day, requests, vins in json.loads(text)
        )
    except TypeError as error:
        raise ValueError("these are no sums of days") from error
