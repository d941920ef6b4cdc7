"""Each player once, and none missed: what fills a memory tier."""

import asyncio
from collections.abc import Iterator

from bench.processes import BenchError
from bench.records import KEY_HEADER, PLAYER_PATH, player_id
from bench.wire import answer_length, request_bytes

_CONNECTIONS = 16


def sweep(port: int, first: int, last: int) -> None:
    """
    Ask for every player from first to last.

    Raises:
        BenchError: If one of the answers is not 200.
    """
    numbers = iter(range(first, last + 1))
    asyncio.run(_sweep(port, numbers))


async def _sweep(port: int, numbers: Iterator[int]) -> None:
    await asyncio.gather(*(_take_turns(port, numbers) for _ in range(_CONNECTIONS)))


async def _take_turns(port: int, numbers: Iterator[int]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for number in numbers:
        writer.write(request_bytes(PLAYER_PATH + player_id(number), KEY_HEADER))
        status = await read_status(reader)
        if status != 200:
            raise BenchError(f"{player_id(number)} answers {status}")
    writer.close()


async def read_status(reader: asyncio.StreamReader) -> int:
    """Read one whole answer; return its status, 0 if the connection ended before."""
    received = bytearray()
    while (length := answer_length(received)) is None or len(received) < length:
        data = await reader.read(65_536)
        if not data:
            return 0
        received += data
    return int(received[9:12])
