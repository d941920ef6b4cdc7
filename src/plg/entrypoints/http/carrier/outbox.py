"""What is to be sent, gathered until everything that has arrived is answered."""

import asyncio
from typing import Any, Final

FLUSH_BYTES: Final = 64 * 1024


class Outbox:
    """
    Flushes, once for each turn of the event loop, all transports that were written to.

    Answers then leave one right after the other. Sending each at once wakes the peer, or the
    proxy in front of us, once for each answer, and that costs more than making the answer.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._waiting: list[GatheringTransport] = []

    def add(self, transport: "GatheringTransport") -> None:
        """Flush this transport at the end of the turn."""
        if not self._waiting:
            self._loop.call_soon(self._flush)
        self._waiting.append(transport)

    def _flush(self) -> None:
        waiting, self._waiting = self._waiting, []
        for transport in waiting:
            transport.flush()


class GatheringTransport(asyncio.Transport):
    """The transport as both carriers see it: what is written in one turn is sent as one piece."""

    def __init__(self, transport: asyncio.Transport, outbox: Outbox) -> None:
        self._transport = transport
        self._outbox = outbox
        self._pieces: list[bytes] = []
        self._size = 0
        self.is_closing = transport.is_closing  # type: ignore[method-assign]
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
        """Send what was written so far."""
        pieces = self._pieces
        if pieces:
            self._pieces = []
            self._size = 0
            self._transport.write(pieces[0] if len(pieces) == 1 else b"".join(pieces))

    def close(self) -> None:
        """Send what was written so far, and close."""
        self.flush()
        self._transport.close()

    def abort(self) -> None:
        """Close at once."""
        self._pieces.clear()
        self._transport.abort()

    def get_extra_info(self, name: str, default: Any = None) -> Any:  # noqa: ANN401 - as asyncio has it
        return self._transport.get_extra_info(name, default)
