"""Request heads that are beyond doubt."""

import re
from typing import Final

from plg.entrypoints.http.carrier.bounds import HEADER_FIELDS_MAX, URL_BYTES_MAX
from plg.entrypoints.http.protocol.hosts import is_host

# Possessive throughout: it either matches in one pass or fails in one. Everything odd fails:
# bare LF, folding, blanks before the colon, absolute-form, other versions and methods.
_REQUEST_LINE: Final = re.compile(
    rb"(GET|HEAD) (/[A-Za-z0-9\-._~%!$&'()*+,;=:@/?]*+) HTTP/1\.1\r\n"
)
_FIELD_BLOCK: Final = re.compile(
    rb"((?:[A-Za-z0-9!#$%&'*+\-.^_`|~]++:[\t\x20-\x7e\x80-\xff]*+\r\n)++)\r\n"
)
_READ: Final = frozenset(
    {
        b"host",
        b"x-api-key",
        b"authorization",
        b"if-none-match",
        b"x-request-id",
        b"x-forwarded-for",
        b"connection",
    }
)
_ORDINARY_ONLY: Final = frozenset(
    {
        b"cache-control",
        b"content-length",
        b"expect",
        b"idempotency-key",
        b"origin",
        b"proxy-connection",  # uvicorn's parser obeys it as `Connection`
        b"range",
        b"signature",
        b"signature-input",
        b"transfer-encoding",
        b"upgrade",
    }
)


def request_line(data: bytes, start: int) -> tuple[bytes, bytes, int] | None:
    """Return method, target and where the fields begin; None for the ordinary way."""
    match = _REQUEST_LINE.match(data, start)
    if match is None:
        return None
    method, target = match.groups()
    return None if len(target) > URL_BYTES_MAX else (method, target, match.end())


def field_block(data: bytes, start: int) -> tuple[bytes, dict[bytes, bytes]] | None:
    """
    Return the fields at `start`, as they stand with the blank line after them, and as values.

    Values are those that matter. None where they are incomplete or a case for the ordinary way.
    """
    match = _FIELD_BLOCK.match(data, start)
    if match is None:
        return None
    lines = match[1].split(b"\r\n")
    if len(lines) > HEADER_FIELDS_MAX:
        return None
    fields: dict[bytes, bytes] = {}
    for line in lines:
        name, _, value = line.partition(b":")
        name = name.lower()
        if name in _READ:
            if name in fields:
                return None
            fields[name] = value.strip(b" \t")
        elif name in _ORDINARY_ONLY:
            return None
    is_plain = fields.get(b"connection", b"keep-alive").lower() == b"keep-alive"
    if not is_plain or b"host" not in fields or not is_host(fields[b"host"]):
        return None
    return match[0], fields
