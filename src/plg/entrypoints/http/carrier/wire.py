"""Answers as bytes on the wire (HTTP/1.1, RFC 9112)."""

from http import HTTPStatus
from typing import Final

from plg.entrypoints.http.protocol.answers import Answer
from plg.entrypoints.http.protocol.fields import common_fields, join_lines

STATUS_LINES: Final = {
    status.value: b"HTTP/1.1 %d %b\r\n" % (status.value, status.phrase.encode())
    for status in HTTPStatus
}
_REQUEST_ID, *_CONSTANT = common_fields(b"%b")
_COMMON: Final = join_lines([(b"content-security-policy", b"%b"), _REQUEST_ID, *_CONSTANT])
_HEAD: Final = b"%b%b%b" + _COMMON + b"%b\r\n%b"
_CLOSE: Final = b"connection: close\r\n"


def serialize(
    answer: Answer, server_lines: bytes, request_id: bytes, *, with_body: bool, closes: bool
) -> bytes:
    """Return status line, header lines and body in one piece."""
    return _HEAD % (
        STATUS_LINES[answer.status],
        server_lines,
        answer.lines,
        answer.policy,
        request_id,
        _CLOSE if closes else b"",
        answer.body if with_body else b"",
    )
