"""Entries as lines of JSON: what `plg cache export` writes and `plg cache import` trusts."""

from collections.abc import Callable, Iterator, Mapping
from typing import IO

import msgspec

from plg.domain.errors import InvalidParameter
from plg.domain.records.entries import Entry
from plg.entrypoints.cli.records.kinds import Key, Kind

LINE_BYTES_MAX = 16 * 1024 * 1024
VALIDATOR_LENGTH_MAX = 512
TTL_MAX = 31_536_000.0
CLOCKS_DIFFER_SECONDS = 300.0


class BadLine(ValueError):
    """A line that is no entry, and why."""


class EntryLine(msgspec.Struct, forbid_unknown_fields=True):
    """One entry; `body` is the text that is served, to the last character."""

    resource: str
    key: str
    body: str
    etag: str
    validator: str | None
    fetched_at: float
    validated_at: float
    ttl: float


_lines = msgspec.json.Decoder(EntryLine)
_bodies = msgspec.json.Decoder(dict[str, msgspec.Raw])


def write_line(kind: Kind, key: str, entry: Entry) -> bytes:
    """Return the entry as a line, with its end."""
    line = EntryLine(
        kind.name,
        key,
        entry.body.decode(),
        entry.etag.decode(),
        entry.validator,
        entry.fetched_at,
        entry.validated_at,
        entry.ttl,
    )
    return msgspec.json.encode(line) + b"\n"


def read_line(
    text: bytes | None, kinds: Mapping[str, Kind], etag_of: Callable[[bytes], bytes], now: float
) -> tuple[Kind, Key, Entry]:
    """
    Return kind, key and entry of a line, None standing for one that is too long.

    Raises:
        BadLine: If the line is not one that an export writes.
    """
    if text is None:
        raise BadLine(f"longer than {LINE_BYTES_MAX} bytes")
    try:
        line = _lines.decode(text)
        kind = _kind(line, kinds)
        key, body = kind.read(line.key), line.body.encode()
        named = _named(body, kind.member)
    except (msgspec.DecodeError, InvalidParameter, UnicodeError, RecursionError) as error:
        raise BadLine(str(error)) from error
    entry = Entry(
        body, line.etag.encode(), line.validator, line.fetched_at, line.validated_at, line.ttl
    )
    _check(entry, now)
    if kind.member is not None and named != key.value:
        raise BadLine("the body belongs to another key")
    if entry.etag != etag_of(body):
        raise BadLine("the ETag does not fit the body")
    return kind, key, entry


def _named(body: bytes, member: str | None) -> object:
    """Return what the member of a body says; a body without one must be JSON, and no more."""
    if member is None:
        return msgspec.json.decode(body)
    return msgspec.json.decode(_bodies.decode(body).get(member, b"null"))


def _kind(line: EntryLine, kinds: Mapping[str, Kind]) -> Kind:
    kind = kinds.get(line.resource)
    if kind is None:
        raise BadLine(f"{line.resource[:40]!r} is no known resource")
    return kind


def _check(entry: Entry, now: float) -> None:
    if not 0 <= entry.fetched_at <= entry.validated_at <= now + CLOCKS_DIFFER_SECONDS:
        raise BadLine("it was validated before it was fetched, or in the future")
    if not 0 <= entry.ttl <= TTL_MAX:
        raise BadLine(f"the ttl is not within 0 to {TTL_MAX:.0f} seconds")
    validator = entry.validator or ""
    if len(validator) > VALIDATOR_LENGTH_MAX or not (
        validator.isascii() and validator.isprintable()
    ):
        raise BadLine("the validator is no entity tag")


def numbered_lines(file: IO[bytes]) -> Iterator[tuple[int, bytes | None]]:
    """Go through the lines that are not blank; one that is too long comes as None, unread."""
    number = 0
    file.seek(0)
    while text := file.readline(LINE_BYTES_MAX + 1):
        number += 1
        if len(text) <= LINE_BYTES_MAX:
            if text.strip():
                yield number, text
            continue
        while text and not text.endswith(b"\n"):
            text = file.readline(LINE_BYTES_MAX)
        yield number, None
