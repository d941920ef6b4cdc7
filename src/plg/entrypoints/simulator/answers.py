"""Answers as ready ASGI messages: built once, sent as often as they are asked for."""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b
from typing import Final

import msgspec
from starlette.types import Message, Send

from plg.domain.records.entity_tags import is_named_in
from plg.entrypoints.simulator.faults import Fault

JSON: Final = b"application/json"

Header = tuple[bytes, bytes]


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole response, and what the statistics call it."""

    result: str
    status: int
    start: Message
    body: Message
    etag: bytes = b""

    async def send_to(self, send: Send) -> None:
        """Send the whole response."""
        await send(self.start)
        await send(self.body)

    def head_and_half(self) -> tuple[Message, Message]:
        """Return what a connection carries that breaks in the middle of the body."""
        body = self.body["body"]
        half = {"type": "http.response.body", "body": body[: len(body) // 2], "more_body": True}
        return self.start, half


def response_start(status: int, headers: Iterable[Header]) -> Message:
    """Return the message that opens a response."""
    return {"type": "http.response.start", "status": status, "headers": list(headers)}


def answer(result: str, status: int, body: bytes, *headers: Header, etag: bytes = b"") -> Answer:
    """Build a response whose length is known."""
    length = (b"content-length", b"%d" % len(body))
    start = response_start(status, (length, *headers))
    return Answer(result, status, start, {"type": "http.response.body", "body": body}, etag)


def json_answer(result: str, body: bytes, *, has_etag: bool) -> Answer:
    """Build a 200 from JSON, with a strong ETag over its bytes if it is wanted."""
    if not has_etag:
        return answer(result, 200, body, (b"content-type", JSON))
    etag = b'"%s"' % blake2b(body, digest_size=16).hexdigest().encode()
    return answer(result, 200, body, (b"content-type", JSON), (b"etag", etag), etag=etag)


def problem(result: str, status: int, text: str, *headers: Header) -> Answer:
    """Build an answer that says what is wrong."""
    body = msgspec.json.encode({"error": text})
    return answer(result, status, body, (b"content-type", JSON), *headers)


def failure(status: int) -> Answer:
    """Build an error of the source itself; 3xx points elsewhere and has no body."""
    if status < 400:  # noqa: PLR2004 - where errors begin
        return answer(Fault.ERROR, status, b"", (b"location", b"/elsewhere"))
    return problem(Fault.ERROR, status, "simulated failure")


def rate_limited(retry_after: int) -> Answer:
    """Build a 429 that says when to come back."""
    return problem(
        Fault.RATE_LIMIT, 429, "simulated rate limit", (b"retry-after", b"%d" % retry_after)
    )


def not_modified(etag: bytes) -> Answer:
    """Build the 304 of a response that has `etag`."""
    start = response_start(304, [(b"etag", etag)])
    return Answer("not_modified", 304, start, {"type": "http.response.body", "body": b""})


def is_known_to_client(etag: bytes, headers: Iterable[Header]) -> bool:
    """Tell whether `If-None-Match` names `etag` (or anything, with `*`)."""
    known = b", ".join(value for name, value in headers if name == b"if-none-match")
    return bool(etag) and is_named_in(known.strip(b" \t"), etag)
