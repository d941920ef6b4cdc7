"""The ceiling: an ASGI app that sends fixed bytes, whatever it is asked."""

import os
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Message = MutableMapping[str, Any]

# Status line, Date, Content-Type, Content-Length and the line ends around them.
_HEAD_BYTES = 112
_ANSWER_BYTES = int(os.environ.get("BENCH_ANSWER_BYTES", "1200"))
_BODY = b"x" * (_ANSWER_BYTES - _HEAD_BYTES)

_START: Message = {
    "type": "http.response.start",
    "status": 200,
    "headers": [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(_BODY)).encode()),
    ],
}
_END: Message = {"type": "http.response.body", "body": _BODY}


async def app(
    scope: Message,
    _receive: Callable[[], Awaitable[Message]],
    send: Callable[[Message], Awaitable[None]],
) -> None:
    """Answer every request with the same bytes."""
    if scope["type"] == "http":
        await send(_START)
        await send(_END)
