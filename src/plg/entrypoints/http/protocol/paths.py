"""Paths and queries as they arrive; paths in the one form that routes are matched against."""

import re
from typing import Final
from urllib.parse import parse_qsl, unquote_to_bytes

from plg.domain.errors import InvalidParameter

PARAMETERS_MAX: Final = 100
_ESCAPED: Final = re.compile(rb"%([0-9A-Fa-f]{2})")
_STRAY: Final = re.compile(r"%(?![0-9A-Fa-f]{2})")
_UNRESERVED: Final = frozenset(
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
)


def canonical(raw_path: bytes) -> str:
    """
    Return the path, still encoded, without a trailing slash.

    Segments are split before they are decoded, so `a%2Fb` is one; what needs no encoding is
    decoded (RFC 3986, 6.2.2.2), so `/%61pi` is `/api`.
    """
    if b"%" in raw_path:
        raw_path = _ESCAPED.sub(_decode_unreserved, raw_path)
    if len(raw_path) > 1 and raw_path.endswith(b"/"):
        raw_path = raw_path[:-1]
    return raw_path.decode("latin-1")


def decode_segment(segment: str, parameter: str) -> str:
    """
    Return the text of one encoded segment.

    Raises:
        InvalidParameter: If it is not UTF-8, or has a percent sign that begins no octet (RFC 3986,
            2.1); the problem names `parameter`.
    """
    if "%" not in segment and segment.isascii():
        return segment
    if _STRAY.search(segment):
        raise InvalidParameter(
            parameter, f"{parameter} has a % without two hexadecimal digits: write %25 for it."
        )
    try:
        return unquote_to_bytes(segment.encode("latin-1")).decode()
    except UnicodeDecodeError:
        raise InvalidParameter(parameter, f"{parameter} is not valid UTF-8.") from None


def only_value(query: bytes, parameter: str) -> str:
    """
    Return the one value that an encoded query has for a parameter; others are ignored.

    Raises:
        InvalidParameter: If there is none, more than one, or the query cannot be used.
    """
    try:
        pairs = parse_qsl(
            query.decode("ascii"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=PARAMETERS_MAX,
        )
    except ValueError:
        raise InvalidParameter(
            parameter, f"The query must be UTF-8 with at most {PARAMETERS_MAX} parameters."
        ) from None
    values = [value for name, value in pairs if name == parameter]
    if len(values) != 1:
        how = "is needed" if not values else "may be given only once"
        raise InvalidParameter(parameter, f"The parameter {parameter} {how}.")
    return values[0]


def _decode_unreserved(match: re.Match[bytes]) -> bytes:
    byte = int(match[1], 16)
    return bytes((byte,)) if byte in _UNRESERVED else match[0]
