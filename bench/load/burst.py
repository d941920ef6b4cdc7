"""Many callers at one moment: connections first, then every request at once."""

import asyncio
from collections.abc import Mapping

from bench.load.sweep import read_status
from bench.wire import request_bytes


def burst(port: int, path: str, headers: Mapping[str, str], callers: int) -> list[int]:
    """Return the status that each caller got; 0 for no answer."""
    return asyncio.run(_burst(port, request_bytes(path, headers), callers))


async def _burst(port: int, request: bytes, callers: int) -> list[int]:
    opened = [await asyncio.open_connection("127.0.0.1", port) for _ in range(callers)]
    for _, writer in opened:
        writer.write(request)
    statuses = await asyncio.gather(*(read_status(reader) for reader, _ in opened))
    for _, writer in opened:
        writer.close()
    return statuses
