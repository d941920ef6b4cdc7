"""A transport without a socket, for moments that no socket lets a test choose."""

import asyncio
from collections.abc import Callable


class ScriptedTransport(asyncio.Transport):
    """
    Keeps what is written, and calls `on_write` then, as a transport whose buffer is full does.

    Once `is_gone`, writing to it fails as with uvloop's.
    """

    def __init__(self, on_write: Callable[[], None] = lambda: None) -> None:
        super().__init__()
        self.written: list[bytes] = []
        self.is_read = True
        self.is_gone = False
        self._on_write = on_write

    def write(self, data: bytes | bytearray | memoryview) -> None:
        if self.is_gone:
            raise RuntimeError("the handler is closed")
        self.written.append(bytes(data))
        self._on_write()

    def is_closing(self) -> bool:
        return self.is_gone

    def pause_reading(self) -> None:
        self.is_read = False

    def resume_reading(self) -> None:
        self.is_read = True

    def close(self) -> None:
        self.is_gone = True
