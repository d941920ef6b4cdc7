"""One small HTTP/1.1 exchange on loopback, counted in bytes."""

import socket
from collections.abc import Mapping
from dataclasses import dataclass

_TIMEOUT_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; status 0 when nobody answered."""

    status: int
    size: int
    body: bytes


def request_bytes(path: str, headers: Mapping[str, str] | None = None) -> bytes:
    """Return a GET as it goes over the wire."""
    lines = [f"GET {path} HTTP/1.1", "Host: localhost"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def fetch(port: int, path: str, headers: Mapping[str, str] | None = None) -> Answer:
    """GET once on a connection of its own."""
    try:
        with socket.create_connection(("127.0.0.1", port), _TIMEOUT_SECONDS) as connection:
            connection.sendall(request_bytes(path, headers))
            return _answer(connection)
    except OSError:
        return Answer(0, 0, b"")


def answer_length(received: bytes | bytearray) -> int | None:
    """Return the length of the whole answer that begins here, None until that is known."""
    end = received.find(b"\r\n\r\n")
    if end < 0:
        return None
    for line in received[:end].split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return end + 4 + int(value)
        if name.lower() == b"transfer-encoding":
            last = received.find(b"\r\n0\r\n\r\n", end)
            return None if last < 0 else last + 7
    return end + 4


def _answer(connection: socket.socket) -> Answer:
    received = bytearray()
    length: int | None = None
    while length is None or len(received) < length:
        data = connection.recv(65_536)
        if not data:
            return Answer(0, len(received), b"")
        received += data
        length = answer_length(received)
    _, _, body = bytes(received).partition(b"\r\n\r\n")
    return Answer(int(received[9:12]), length, body)
