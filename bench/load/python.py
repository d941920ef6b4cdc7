"""Load from Python, where wrk is not installed: slower, so high figures are bounds."""

import asyncio
import itertools
import random
import time
from collections.abc import Iterator
from functools import partial

import uvloop

from bench.load.job import Job, LoadGenerator, Order, Run
from bench.processes import on_core
from bench.records import player_id
from bench.wire import answer_length, request_bytes


class PythonLoad(LoadGenerator):
    """A closed loop on plain asyncio protocols, on one core."""

    name = "Python load generator (wrk is not installed; fast servers outrun it)"

    def __init__(self, core: int | None) -> None:
        """Take the core that the load may use."""
        self._core = core

    def run(self, port: int, job: Job, seconds: int) -> Run:
        """Ask for this many seconds."""
        with on_core(self._core):
            return uvloop.run(_measure(port, job, seconds))


class _Client(asyncio.Protocol):
    """One connection that asks, waits, and asks again."""

    def __init__(self, requests: Iterator[bytes], took: list[float]) -> None:
        self._requests = requests
        self._took = took
        self._received = bytearray()
        self._asked = 0.0
        self.failures = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._ask()

    def data_received(self, data: bytes) -> None:
        self._received += data
        length = answer_length(self._received)
        if length is None or len(self._received) < length:
            return
        self._took.append(time.perf_counter() - self._asked)
        self.failures += self._received[9:12] != b"200"
        self._received.clear()
        self._ask()

    def _ask(self) -> None:
        self._asked = time.perf_counter()
        self._transport.write(next(self._requests))  # type: ignore[attr-defined]


async def _measure(port: int, job: Job, seconds: int) -> Run:
    loop = asyncio.get_running_loop()
    took: list[float] = []
    make = partial(_Client, _requests(job), took)
    started = time.perf_counter()
    opened = [await loop.create_connection(make, "127.0.0.1", port) for _ in range(job.connections)]
    await asyncio.sleep(seconds)
    elapsed = time.perf_counter() - started
    for transport, _ in opened:
        transport.close()
    failures = sum(client.failures for _, client in opened) + (0 if took else 1)
    took.sort()
    p50, p99 = (took[int(len(took) * share)] if took else 0.0 for share in (0.5, 0.99))
    return Run(len(took) / elapsed, p50, p99, failures)


def _requests(job: Job) -> Iterator[bytes]:
    keys = job.keys.read_text().split() if job.keys is not None else []
    for count in itertools.count():
        headers = dict(job.headers)
        if keys:
            headers["X-API-Key"] = keys[count % len(keys)]
        if job.has_request_ids:
            headers["X-Request-ID"] = f"bench-{count:012d}"
        request = request_bytes(job.path + player_id(_number(job, count)), headers)
        if job.order is Order.FIXED and not job.has_request_ids:
            yield from itertools.repeat(request)
        yield request


def _number(job: Job, count: int) -> int:
    if job.order is Order.RANDOM:
        return random.randint(job.first, job.last)
    return job.first + (count if job.order is Order.SEQUENCE else 0)
