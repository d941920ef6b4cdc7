"""Answers as values: what both carriers send."""

from dataclasses import dataclass
from typing import Any, Final

import msgspec

from plg.entrypoints.http.protocol.fields import Field, join_lines

JSON: Final = b"application/json"
NO_STORE: Final = (b"cache-control", b"no-store")
API_POLICY: Final = b"default-src 'none'; frame-ancestors 'none'"
_encoder = msgspec.json.Encoder()


@dataclass(slots=True)
class Answer:
    """
    Status, header lines as they are sent, each ended by CRLF, and body.

    Attributes:
        policy: The `Content-Security-Policy`.
        closes: Whether the connection ends with it.
    """

    status: int
    lines: bytes
    body: bytes = b""
    policy: bytes = API_POLICY
    closes: bool = False

    def with_lines(self, lines: bytes) -> "Answer":
        """Return the same answer with more header lines; an answer may be sent to many."""
        return Answer(self.status, self.lines + lines, self.body, self.policy, self.closes)


def content(
    body: bytes, media_type: bytes, *more: Field, status: int = 200, policy: bytes = API_POLICY
) -> Answer:
    """Return an answer with a body."""
    length = (b"content-length", b"%d" % len(body))
    lines = join_lines(((b"content-type", media_type), length, *more))
    return Answer(status, lines, body, policy)


def json_answer(
    value: Any,  # noqa: ANN401 - any JSON value
    *more: Field,
    status: int = 200,
) -> Answer:
    """Return an answer that nobody may store, with a value as JSON."""
    return content(_encoder.encode(value), JSON, NO_STORE, *more, status=status)


def empty() -> Answer:
    """Return an answer that says by its status alone that it is done."""
    return Answer(204, join_lines((NO_STORE,)))
