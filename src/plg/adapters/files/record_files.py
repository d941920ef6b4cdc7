"""Files of records: CSV with a head line, JSON objects line by line (NDJSON), or a JSON list."""

import csv
import io
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any, Final

import msgspec

from plg.domain.errors import InvalidParameter
from plg.domain.records.declared.keys import KeyRule
from plg.domain.records.declared.pointers import ABSENT, Pointer

BYTES_MAX: Final = 64 * 1024 * 1024
RECORDS_MAX: Final = 1_000_000
NESTING_MAX: Final = 64
_items = msgspec.json.Decoder(list[msgspec.Raw])
_value = msgspec.json.Decoder()
_encoder = msgspec.json.Encoder()


class Unreadable(Exception):
    """The file cannot be used; the message says why, without its content."""


def read_records(path: Path, rule: KeyRule, match: Pointer) -> dict[str, bytes]:
    """
    Return the records of a file by their keys; of two with one key the first.

    Values of CSV are texts; the others stay as they are written, to the last digit.

    Raises:
        Unreadable: If it cannot be read, is too large, or a line of it is no record with a key.
    """
    body = _read(path)
    found: dict[str, bytes] = {}
    for number, document in enumerate(islice(_documents(body, path.suffix), RECORDS_MAX + 1), 1):
        if number > RECORDS_MAX:
            raise Unreadable(f"more than {RECORDS_MAX} records")
        found.setdefault(_key(document, number, rule, match), document)
    return found


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            body = file.read(BYTES_MAX + 1)
    except OSError as error:
        raise Unreadable(error.strerror or str(error)) from error
    if len(body) > BYTES_MAX:
        raise Unreadable(f"larger than {BYTES_MAX // 1024 // 1024} MiB")
    return body.removeprefix(b"\xef\xbb\xbf")


def _documents(body: bytes, suffix: str) -> Iterator[bytes]:
    try:
        text = body.decode()
    except UnicodeDecodeError as error:
        line = body.count(b"\n", 0, error.start) + 1
        raise Unreadable(f"line {line} is not UTF-8") from error
    first = text.lstrip()[:1]
    if suffix.lower() == ".csv" or first not in ("[", "{"):
        return _rows(text)
    return _listed(body) if first == "[" else _lines(body)


def _rows(text: str) -> Iterator[bytes]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        head = next(reader, [])
        if len(set(head)) != len(head):
            raise Unreadable("two columns have one name")
        for row in reader:
            if len(row) != len(head) and row:
                raise Unreadable(f"line {reader.line_num} has {len(row)} values, not {len(head)}")
            if row:
                yield _encoder.encode(dict(zip(head, row, strict=True)))
    except csv.Error as error:
        raise Unreadable(f"line {reader.line_num}: {error}") from error


def _listed(body: bytes) -> Iterator[bytes]:
    try:
        items = _items.decode(body)
    except (msgspec.MsgspecError, RecursionError) as error:
        raise Unreadable(f"no list of JSON: {error}") from error
    for item in items:
        yield bytes(item).strip()


def _lines(body: bytes) -> Iterator[bytes]:
    return (stripped for line in body.split(b"\n") if (stripped := line.strip()))


def _key(document: bytes, number: int, rule: KeyRule, match: Pointer) -> str:
    try:
        value: Any = _value.decode(document)
    except (msgspec.MsgspecError, RecursionError) as error:
        raise Unreadable(f"record {number} is no JSON: {error}") from error
    named = match.of(value)
    if named is ABSENT or isinstance(named, bool) or not isinstance(named, str | int):
        where = "/" + "/".join(match.tokens)
        raise Unreadable(f"record {number} has no text or whole number at {where}")
    try:
        return rule.parse(str(named)).value
    except InvalidParameter as error:
        raise Unreadable(f"record {number}: {error}".rstrip(".")) from None
