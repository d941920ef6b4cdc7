"""Answers that are sent as they are made: however long they are, little of them is in memory."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import TypeVar

from starlette.types import Receive, Scope, Send

from plg.entrypoints.http.gate.gate import Guarded
from plg.entrypoints.http.protocol.answers import NO_STORE, Answer
from plg.entrypoints.http.protocol.context import RequestContext
from plg.entrypoints.http.protocol.fields import Field, join_lines, split_lines

Q = TypeVar("Q")


@dataclass(slots=True)
class Streamed(Answer):
    """
    An answer whose body comes in parts.

    Attributes:
        parts: What follows the header; None where only that is wanted.
    """

    parts: AsyncIterator[bytes] | None = None


def streamed(
    parts: AsyncIterator[bytes] | None, media_type: bytes, *more: Field, status: int = 200
) -> Streamed:
    """Return an answer that nobody may store."""
    lines = join_lines(((b"content-type", media_type), NO_STORE, *more))
    return Streamed(status, lines, parts=parts)


@dataclass(frozen=True, slots=True)
class Streaming(Guarded[Q]):
    """A route behind the gate whose answer is `Streamed`."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Identify, limit, parse, and answer part by part, as long as somebody listens."""
        context: RequestContext = scope["plg.exchange"]
        caller = await self.gate(scope, receive, context, self.access)
        query = self.parse(scope)
        answer = await self.handle(query, caller, context)
        headers = split_lines(answer.lines + context.limit_lines)
        headers.append((b"content-security-policy", answer.policy))
        await send({"type": "http.response.start", "status": answer.status, "headers": headers})
        parts = answer.parts if isinstance(answer, Streamed) else None
        if parts is not None:
            await _send_parts(parts, receive, send)
        await send({"type": "http.response.body", "body": b""})


async def _send_parts(parts: AsyncIterator[bytes], receive: Receive, send: Send) -> None:
    gone = asyncio.ensure_future(_disconnected(receive))
    try:
        async for part in parts:
            if gone.done():
                return
            await send({"type": "http.response.body", "body": part, "more_body": True})
    finally:
        gone.cancel()


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
