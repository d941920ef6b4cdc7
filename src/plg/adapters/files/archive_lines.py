"""
Archived records as JSON Lines.

Each line says in `type` what it is; names are those of the ledger's columns, digests are
hexadecimal.
"""

from typing import Final

import msgspec

from plg.application.ports.ledger.archive_files import ArchiveLine
from plg.domain.ledger.archives import ArchiveHeader, Checkpoint, DaySum, KeptCheckpoint
from plg.domain.ledger.kept_statements import KeptLine, KeptStatement
from plg.domain.ledger.usage import UsageRecord
from plg.domain.ledger.verification.chains import SealedRecord

FORMAT: Final = "plg-ledger-archive"
VERSION: Final = 1


class _Header(msgspec.Struct, tag="header", forbid_unknown_fields=True):
    format: str
    version: int
    account_id: str
    first_sequence: int
    last_sequence: int
    records: int
    previous_head: str
    head: str
    pepper_id: str


class _Record(msgspec.Struct, tag="record", forbid_unknown_fields=True):
    account_id: str
    sequence: int
    id: str
    at: int
    day: int
    key_id: str | None
    resource: str
    record_key: str | None
    metered: str
    units: int
    unit_price: int
    currency: str
    plan_code: str
    plan_version: int
    request_id: str
    requests: int
    vins: int
    voids: int | None
    group_first: int
    pepper_id: str
    mac: str
    key_digest: str | None


class _Line(msgspec.Struct, forbid_unknown_fields=True):
    line: int
    resource: str
    metered: str
    unit_price: int
    plan_code: str
    plan_version: int
    units: int
    records: int
    amount: str
    credits: int | None


class _Statement(msgspec.Struct, tag="statement", forbid_unknown_fields=True, omit_defaults=True):
    number: str
    kind: str
    position: int
    account_id: str
    currency: str
    amount: str
    balance: str
    closed_at: float
    first_sequence: int | None
    last_sequence: int | None
    from_at: int | None
    to_at: int | None
    head: str | None
    credited: str | None
    reason: str | None
    lines: list[_Line]
    minor_digits: int | None = None  # left out by those that do not state it, as they were written


class _Checkpoint(msgspec.Struct, tag="checkpoint", forbid_unknown_fields=True):
    account_id: str
    first_sequence: int
    last_sequence: int
    previous_head: str
    head: str
    from_at: int
    to_at: int
    days: list[tuple[int, int, int]]
    statements: str
    archived_at: float
    pepper_id: str
    mac: str


_encode: Final = msgspec.json.Encoder().encode
_decode: Final = msgspec.json.Decoder(_Header | _Record | _Statement | _Checkpoint).decode


def write_line(line: ArchiveLine) -> bytes:
    """Return a line with its end."""
    match line:
        case SealedRecord(record, pepper_id, mac, key_digest):
            digest = None if key_digest is None else key_digest.hex()
            made: msgspec.Struct = _Record(*record, pepper_id, mac.hex(), digest)
        case KeptStatement():
            head = None if line.head is None else line.head.hex()
            lines = [_Line(*each) for each in line.lines]
            made = _Statement(
                *line[:12], head, line.credited, line.reason, lines, line.minor_digits
            )
        case ArchiveHeader():
            count = line.last - line.first + 1
            previous, head = line.previous_head.hex(), line.head.hex()
            place = (line.account_id, line.first, line.last)
            made = _Header(FORMAT, VERSION, *place, count, previous, head, line.pepper_id)
        case KeptCheckpoint(checkpoint, mac, _):
            made = _checkpoint(checkpoint, mac)
    return _encode(made) + b"\n"


def read_line(text: bytes, path: str) -> ArchiveLine:
    """
    Read what `write_line` wrote.

    Raises:
        ValueError: If it is nothing of the kind.
    """
    made = _decode(text)
    match made:
        case _Record():
            *record, pepper_id, mac, key_digest = msgspec.structs.astuple(made)
            digest = None if key_digest is None else bytes.fromhex(key_digest)
            return SealedRecord(UsageRecord(*record), pepper_id, bytes.fromhex(mac), digest)
        case _Statement():
            return _read_statement(made)
        case _Header():
            return _read_header(made)
    return _read_checkpoint(made, path)


def _read_statement(made: _Statement) -> KeptStatement:
    kept = KeptStatement(*msgspec.structs.astuple(made))
    lines = tuple(KeptLine(*msgspec.structs.astuple(each)) for each in made.lines)
    head = None if made.head is None else bytes.fromhex(made.head)
    return kept._replace(head=head, lines=lines)


def _read_header(made: _Header) -> ArchiveHeader:
    if (made.format, made.version) != (FORMAT, VERSION):
        raise ValueError(f"its format is {made.format} {made.version}, not {FORMAT} {VERSION}")
    return ArchiveHeader(
        made.account_id,
        made.first_sequence,
        made.last_sequence,
        bytes.fromhex(made.previous_head),
        bytes.fromhex(made.head),
        made.pepper_id,
    )


def _checkpoint(checkpoint: Checkpoint, mac: bytes) -> _Checkpoint:
    return _Checkpoint(
        checkpoint.account_id,
        checkpoint.first,
        checkpoint.last,
        checkpoint.previous_head.hex(),
        checkpoint.head.hex(),
        checkpoint.from_at,
        checkpoint.to_at,
        [*checkpoint.days],
        checkpoint.statements.hex(),
        checkpoint.archived_at,
        checkpoint.pepper_id,
        mac.hex(),
    )


def _read_checkpoint(made: _Checkpoint, path: str) -> KeptCheckpoint:
    checkpoint = Checkpoint(
        made.account_id,
        made.first_sequence,
        made.last_sequence,
        bytes.fromhex(made.previous_head),
        bytes.fromhex(made.head),
        made.from_at,
        made.to_at,
        tuple(DaySum(*each) for each in made.days),
        bytes.fromhex(made.statements),
        made.archived_at,
        made.pepper_id,
    )
    return KeptCheckpoint(checkpoint, bytes.fromhex(made.mac), path)
