"""Checkpoints and lines of archives, with everything that a test does not care about."""

from dataclasses import replace
from typing import Final

from plg.domain.ledger.archives import ArchiveHeader, Checkpoint, DaySum, KeptCheckpoint
from plg.domain.ledger.kept_statements import KeptLine, KeptStatement
from plg.domain.ledger.usage import UsageRecord
from plg.domain.ledger.verification.chains import SealedRecord
from tests.fakes.clock import NOON
from tests.fakes.usage import ANA, CENT

CHECKPOINT: Final = Checkpoint(
    account_id=ANA,
    first=1,
    last=3,
    previous_head=bytes(32),
    head=b"h" * 32,
    from_at=1,
    to_at=2,
    days=(DaySum(19675, 3, 0), DaySum(19676, -1, 2)),
    statements=b"s" * 32,
    archived_at=NOON + 0.123456,
    pepper_id="pepper01",
)
KEPT: Final = KeptCheckpoint(CHECKPOINT, b"m" * 32, "/archive/ana.jsonl.gz")
HEADER: Final = ArchiveHeader(ANA, 1, 3, bytes(32), b"h" * 32, "pepper01")
RECORD: Final = UsageRecord(
    ANA, 1, "01ABC00000000000000000000C", 1_700_000_000_123_456, 19675, None, "players",
    'Mëmber-"1"\n', "hit", 1, 100_000_000, "EUR", "basic", 3, "req-1", 1, 0, None, 1,
)  # fmt: skip
SEALED: Final = SealedRecord(RECORD, "pepper01", b"m" * 32, None)
ERASED: Final = SealedRecord(
    RECORD._replace(sequence=2, record_key=None, key_id="01KEY", voids=1, units=-1),
    "pepper01",
    b"n" * 32,
    b"d" * 32,
)
LINE: Final = KeptLine(1, "players", "hit", 5 * CENT, "basic", 1, 10, 10, str(50 * CENT), None)
STATEMENT: Final = KeptStatement(
    "PLG-2023-000001", "statement", 1, ANA, "EUR", str(10**30), "1", NOON + 0.5, 1, 3, 1, 2,
    b"h" * 32, None, None, (LINE, LINE._replace(line=2, credits=1)),
)  # fmt: skip
NOTHING: Final = STATEMENT._replace(
    first=None, last=None, from_at=None, to_at=None, head=None, lines=(), reason="¡perdón!"
)


def kept(first: int, last: int, account: str = ANA) -> KeptCheckpoint:
    """Return the checkpoint of a range."""
    made = replace(CHECKPOINT, account_id=account, first=first, last=last, to_at=last)
    return KeptCheckpoint(made, b"m" * 32, f"/archive/{last}.jsonl.gz")
