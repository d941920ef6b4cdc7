"""What is to be sent, gathered until everything that has arrived is answered."""

import asyncio
import socket
import struct
from typing import Any, Final

FLUSH_BYTES: Final = 64 * 1024
LINGER_SECONDS: Final = 2.0
_NO_LINGERING: Final = struct.pack("ii", 1, 0)


class Outbox:
    """
    Flushes, once for each turn of the event loop, all transports that were written to.

    Answers then leave one right after the other. Sending each at once wakes the peer, or the
    proxy in front of us, once for each answer, and that costs more than making the answer.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self._waiting: list[GatheringTransport] = []

    def add(self, transport: "GatheringTransport") -> None:
        """Flush this transport at the end of the turn."""
        if not self._waiting:
            self.loop.call_soon(self._flush)
        self._waiting.append(transport)

    def _flush(self) -> None:
        waiting, self._waiting = self._waiting, []
        for transport in waiting:
            transport.flush()


class GatheringTransport(asyncio.Transport):
    """
    The transport as both carriers see it: what is written in one turn is sent as one piece.

    Args:
        close_seconds: How long a client may take to read the rest when the connection closes.
    """

    def __init__(self, transport: asyncio.Transport, outbox: Outbox, close_seconds: float) -> None:
        self._transport = transport
        self._outbox = outbox
        self._close_seconds = close_seconds
        self._pieces: list[bytes] = []
        self._size = 0
        self._is_ending = False
        self._abortion: asyncio.TimerHandle | None = None
        self.pause_reading = transport.pause_reading  # type: ignore[method-assign]
        self.resume_reading = transport.resume_reading  # type: ignore[method-assign]

    def write(self, data: Any) -> None:  # noqa: ANN401 - bytes, from uvicorn and from us
        if not self._pieces:
            self._outbox.add(self)
        self._pieces.append(data)
        self._size += len(data)
        if self._size > FLUSH_BYTES:
            self.flush()

    def flush(self) -> None:
        """Send what was written so far, unless the connection is gone."""
        pieces = self._pieces
        if pieces:
            self._pieces = []
            self._size = 0
            if not self.is_closing():
                self._transport.write(pieces[0] if len(pieces) == 1 else b"".join(pieces))

    def is_closing(self) -> bool:
        return self._is_ending or self._transport.is_closing()

    def close(self) -> None:
        """Send what was written so far, and close."""
        self.flush()
        if not self._transport.is_closing():
            self._abort_in(self._close_seconds)
            self._transport.close()

    def end(self) -> None:
        """
        Send what was written so far, and nothing after it, while the client keeps sending.

        Closing at once would reset the connection, and destroy the answer before the client
        has read it (RFC 9112, 9.6). What still arrives must be ignored; `close` follows.
        """
        self.flush()
        if not self.is_closing():
            self._is_ending = True
            self._abort_in(LINGER_SECONDS)
            self._transport.write_eof()

    def abort(self) -> None:
        """Close at once."""
        self._pieces.clear()
        self._transport.abort()

    def reset(self) -> None:
        """Close at once, and let the client know that what it has is not all."""
        if not self.is_closing():
            connected: socket.socket = self._transport.get_extra_info("socket")
            connected.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGERING)
        self.abort()

    def lost(self) -> None:
        """Take note that the connection is gone."""
        if self._abortion is not None:
            self._abortion.cancel()

    def get_extra_info(self, name: str, default: Any = None) -> Any:  # noqa: ANN401 - as asyncio has it
        return self._transport.get_extra_info(name, default)

    def _abort_in(self, seconds: float) -> None:
        self.lost()
        self._abortion = self._outbox.loop.call_later(seconds, self._transport.abort)
