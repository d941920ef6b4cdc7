"""Servers that are called."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

TAKEN = b"HTTP/1.1 204 No Content\r\n\r\n"
SILENCE = b""


@dataclass
class Received:
    """One request: its first line, its header fields by lower-case names, its body."""

    line: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """
    Answers each request with the same bytes, and keeps what it was sent.

    With `SILENCE` it answers nothing and holds the connection; `trickles` sends the bytes without
    an end. `heard` is set by a request.
    """

    answer: bytes = TAKEN
    trickles: bool = False
    port: int = 0
    received: list[Received] = field(default_factory=list)
    connections: int = 0
    heard: asyncio.Event = field(default_factory=asyncio.Event)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            self.received.append(await _read(reader))
            self.heard.set()
            if self.answer is SILENCE:
                await reader.read()
            writer.write(self.answer)
            while self.trickles:
                writer.write(self.answer)
                await writer.drain()
                await asyncio.sleep(0)
            await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            pass  # it hung up
        finally:
            writer.close()


async def _read(reader: asyncio.StreamReader) -> Received:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("ascii")
    line, *lines = head.strip().split("\r\n")
    fields = (each.split(": ", maxsplit=1) for each in lines)
    headers = {name.lower(): value for name, value in fields}
    return Received(line, headers, await reader.readexactly(int(headers["content-length"])))


@asynccontextmanager
async def listening(
    receiver: Receiver, tls: ssl.SSLContext | None = None, host: str = "127.0.0.1"
) -> AsyncIterator[Receiver]:
    """Serve the receiver on a free port."""
    server = await asyncio.start_server(receiver.serve, host, 0, ssl=tls)
    receiver.port = server.sockets[0].getsockname()[1]
    try:
        yield receiver
    finally:
        server.close()
