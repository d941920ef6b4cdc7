"""Header fields of requests, and those that every answer carries."""

import itertools
import os
import re
from collections.abc import Iterable
from typing import Final

Field = tuple[bytes, bytes]

CREDENTIAL_FIELDS: Final = frozenset({b"x-api-key", b"authorization"})
REPEATED: Final = b""
"""No header has this name: under it stands a credential's name that was sent twice."""

_ELEMENT: Final = re.compile(rb'(?:[^",]++|"(?:[^"\\]++|\\.)*+(?:"|\\?\Z))++', re.DOTALL)
_REQUEST_ID: Final = re.compile(rb"[A-Za-z0-9._-]{1,128}")
_TRACEPARENT: Final = re.compile(
    rb"(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}"
)
_PROCESS: Final = f"{os.getpid():x}{os.urandom(6).hex()}".encode()
_numbers = itertools.count()


def collect(headers: Iterable[Field]) -> dict[bytes, bytes]:
    """
    Return fields by lower-case name; lines of one name are one list (RFC 9110, 5.3).

    The parser leaves blanks at the end of values, which are no part of them (5.5).
    """
    fields: dict[bytes, bytes] = {}
    for name, value in headers:
        if name not in fields:
            fields[name] = value.rstrip(b" \t")
            continue
        fields[name] += b", " + value.rstrip(b" \t")
        if name in CREDENTIAL_FIELDS:
            fields[REPEATED] = name
    return fields


def list_elements(value: bytes) -> list[bytes]:
    """
    Return the elements of a list (RFC 9110, 5.6.1); empty ones are none.

    A comma within a quoted string divides nothing (5.6.4); a string without an end is the last
    element. Not for entity tags, in which a backslash is nothing special (8.8.3).
    """
    elements = [element.strip(b" \t") for element in _ELEMENT.findall(value)]
    return [element for element in elements if element]


def common_fields(request_id: bytes) -> tuple[Field, ...]:
    """Return what every answer carries, besides its `Content-Security-Policy`."""
    return (
        (b"x-request-id", request_id),
        (b"x-content-type-options", b"nosniff"),
        (b"referrer-policy", b"no-referrer"),
    )


def split_lines(lines: bytes) -> list[Field]:
    """Return header lines, each ended by CRLF, as fields."""
    fields = []
    for line in lines.split(b"\r\n")[:-1]:
        name, _, value = line.partition(b": ")
        fields.append((name, value))
    return fields


def join_lines(fields: Iterable[Field]) -> bytes:
    """Return fields as header lines, each ended by CRLF."""
    return b"".join([b"%b: %b\r\n" % field for field in fields])


def request_id(given: bytes | None) -> bytes:
    """Return the caller's request id where it is a sound one, else a new one."""
    if given is not None and _REQUEST_ID.fullmatch(given):
        return given
    return b"%b-%x" % (_PROCESS, next(_numbers))


def traceparent(given: bytes | None) -> str | None:
    """Return a sound `traceparent` (W3C Trace Context, 3.2), else None."""
    if given is None or not _TRACEPARENT.fullmatch(given):
        return None
    return given.decode()
