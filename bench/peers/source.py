"""A source that answers at once with the player it is asked for, in the source's own form."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from bench.records import payload

Message = MutableMapping[str, Any]

_MARK = 987_654
_BEFORE, _MIDDLE, _NICK, _AFTER = payload(_MARK).encode().split(str(_MARK).encode())


async def app(
    scope: Message,
    _receive: Callable[[], Awaitable[Message]],
    send: Callable[[Message], Awaitable[None]],
) -> None:
    """Answer `?killer_bi_id=KB-...` with a list of one."""
    if scope["type"] != "http":
        return
    number = scope["query_string"].rpartition(b"-")[2]
    body = b"[" + number.join((_BEFORE, _MIDDLE, _NICK, _AFTER)) + b"]"
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
    ]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})
