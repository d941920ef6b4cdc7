"""Log-ins, which are slow on purpose, and what others notice of them."""

import asyncio
import json
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import uvloop

from bench.findings import Figure, Finding, Verdict
from bench.gateway import filled, gateway
from bench.identities import PASSWORD, UNLIMITED, register
from bench.lab import Lab
from bench.peers.servers import ONE_PLAYER
from bench.processes import BenchError, on_core
from bench.records import KEY_HEADER
from bench.wire import answer_length, request_bytes

_ROWS = 1000
_CLIENTS = 8
_PAUSE_SECONDS = 0.001
_AIM = 2.0
_EMAILS = [f"bench{number}@example.org" for number in range(_CLIENTS)]
"""One for each client: attempts to log in to one account at the same time count as guesses."""
_HEAD = (
    b"POST /api/v1/auth/login HTTP/1.1\r\nHost: localhost\r\n"
    b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n"
)


@dataclass(slots=True)
class _Phase:
    """How long hits took, and how many log-ins there were meanwhile."""

    took: list[float] = field(default_factory=list)
    logins: int = 0

    @property
    def p99(self) -> float:
        return statistics.quantiles(self.took, n=100)[98]


def logins(lab: Lab) -> Finding:
    """Measure hits on one connection alone, and while eight clients log in all the time."""
    seconds = lab.plan.seconds * lab.plan.rounds / 2
    with gateway(lab, filled(lab, _ROWS), UNLIMITED, has_all_cores=True) as server:
        for email in _EMAILS:
            register(server.port, email)
        server.wait_for(ONE_PLAYER, KEY_HEADER)
        with on_core(lab.load_core):
            alone = uvloop.run(_phase(server.port, seconds, ()))
            beside = uvloop.run(_phase(server.port, seconds, _EMAILS))
    return Finding(
        "hits one after the other while log-ins run (the gateway on all cores)",
        [
            Verdict(
                "p99 of a hit beside log-ins to alone",
                beside.p99 / alone.p99,
                _AIM,
                is_ceiling=True,
            )
        ],
        [
            Figure("hits alone", f"p99 {alone.p99 * 1e6:,.0f} us"),
            Figure("hits beside log-ins", f"p99 {beside.p99 * 1e6:,.0f} us"),
            Figure("log-ins", f"{beside.logins / seconds:,.1f}/s from {_CLIENTS} clients"),
        ],
    )


async def _phase(port: int, seconds: float, emails: Sequence[str]) -> _Phase:
    phase, until = _Phase(), time.perf_counter() + seconds
    async with asyncio.TaskGroup() as group:
        for email in emails:
            group.create_task(_log_in(port, until, email, phase))
        group.create_task(_hit(port, until, phase))
    return phase


async def _hit(port: int, until: float, phase: _Phase) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    request = request_bytes(ONE_PLAYER, KEY_HEADER)
    while time.perf_counter() < until:
        started = time.perf_counter()
        await _exchange(reader, writer, request)
        phase.took.append(time.perf_counter() - started)
        await asyncio.sleep(_PAUSE_SECONDS)
    writer.close()


async def _log_in(port: int, until: float, email: str, phase: _Phase) -> None:
    body = json.dumps({"email": email, "password": PASSWORD}).encode()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    while time.perf_counter() < until:
        await _exchange(reader, writer, _HEAD % len(body) + body)
        phase.logins += 1
    writer.close()


async def _exchange(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes
) -> None:
    writer.write(request)
    received = b""
    while (length := answer_length(received)) is None or len(received) < length:
        data = await reader.read(65_536)
        if not data:
            raise BenchError("the gateway hung up")
        received += data
    if received[9:12] != b"200":
        raise BenchError(received.decode(errors="replace"))
