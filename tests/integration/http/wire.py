"""HTTP as a client sees it on the wire: strict about what a server may send."""

import asyncio
import re
import socket
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Self

from tests.integration.http.gateway import ANA_PATH, KEY

HEAD_END: Final = b"\r\n\r\n"
_STATUS: Final = re.compile(rb"HTTP/1\.1 (\d{3}) [A-Za-z -]+")
_FIELD: Final = re.compile(rb"([a-z0-9-]+): ([\x20-\x7e]*)")


@dataclass(frozen=True, slots=True)
class Heard:
    """One answer; header names are as they were sent."""

    status: int
    fields: tuple[tuple[bytes, bytes], ...]
    body: bytes

    def field(self, name: bytes) -> bytes | None:
        """Return the value of a field that is sent once at most."""
        values = [value for given, value in self.fields if given == name]
        assert len(values) <= 1, f"{name!r} was sent {len(values)} times"
        return values[0] if values else None

    @property
    def closes(self) -> bool:
        return self.field(b"connection") == b"close"


def request(
    target: str = ANA_PATH, *fields: str, method: str = "GET", key: str | None = KEY, body: str = ""
) -> bytes:
    """Return a request as bytes."""
    lines = [f"{method} {target} HTTP/1.1", "Host: gateway.test", *fields]
    if key is not None:
        lines.append(f"X-API-Key: {key}")
    return ("\r\n".join([*lines, "", ""]) + body).encode("latin-1")


def parse_answers(raw: bytes) -> list[Heard]:
    """Return the answers in `raw`, which must be whole ones and nothing else."""
    answers = []
    while raw:
        answer = split_answer(raw)
        assert answer is not None, f"not an answer: {raw[:200]!r}"
        heard, raw = answer
        answers.append(heard)
    return answers


def split_answer(raw: bytes) -> tuple[Heard, bytes] | None:
    """Return the first answer and what follows it; None where it is not whole yet."""
    head, found, rest = raw.partition(HEAD_END)
    if not found:
        return None
    status_line, *lines = head.split(b"\r\n")
    status = _STATUS.fullmatch(status_line)
    assert status is not None, f"not a status line: {status_line[:200]!r}"
    heard = Heard(int(status[1]), tuple(_fields(lines)), b"")
    length = int(heard.field(b"content-length") or 0)
    if heard.status in (304, 204) or rest.startswith(b"HTTP/1.1 ") or (length and not rest):
        length = 0  # no body by its status, or an answer to HEAD
    assert heard.field(b"transfer-encoding") is None, "lengths are always known"
    if len(rest) < length:
        return None
    return Heard(heard.status, heard.fields, rest[:length]), rest[length:]


def _fields(lines: Iterable[bytes]) -> Iterable[tuple[bytes, bytes]]:
    for line in lines:
        field = _FIELD.fullmatch(line)
        assert field is not None, f"not a header field: {line[:200]!r}"
        yield field[1], field[2]


class Peer:
    """A client's end of one connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self.writer = writer

    @classmethod
    async def connect(cls, port: int) -> Self:
        return cls(*await asyncio.open_connection("127.0.0.1", port))

    async def send(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    async def answer(self) -> Heard:
        """Wait for one answer to a request that was no HEAD."""
        async with asyncio.timeout(5):
            head = await self._reader.readuntil(HEAD_END)
            heard, _ = split_answer(head + b"HTTP/1.1 ") or (None, b"")
            assert heard is not None
            has_body = heard.status not in (204, 304)
            length = int(heard.field(b"content-length") or 0) if has_body else 0
            body = await self._reader.readexactly(length)
        return Heard(heard.status, heard.fields, body)

    async def ask(self, data: bytes) -> Heard:
        await self.send(data)
        return await self.answer()

    async def read(self, most: int) -> bytes:
        async with asyncio.timeout(5):
            return await self._reader.read(most)

    async def rest(self) -> bytes:
        """Wait until the server closes; return what it sent before."""
        async with asyncio.timeout(5):
            return await self._reader.read()

    async def is_closed(self) -> bool:
        """Wait until the server closes, and tell whether it said nothing more."""
        return await self.rest() == b""

    def half_close(self) -> None:
        self.writer.write_eof()

    def vanish(self) -> None:
        """Break the connection off."""
        self.writer.transport.abort()

    def reset(self) -> None:
        """Break the connection off with a TCP reset, whatever is unread."""
        connected: socket.socket = self.writer.get_extra_info("socket")
        connected.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.vanish()
