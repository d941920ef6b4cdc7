"""Two gateways that differ in nothing but the fast lane, and what each answers."""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

from plg.domain.records.players import KillerBiId
from plg.domain.records.vehicles import Vin
from plg.entrypoints.http.carrier.lane import FastLane
from tests.fakes.vehicles import dynamic_entry, static_entry
from tests.integration.http.differential.conversations import Segment
from tests.integration.http.differential.shapes import FRESH, STALE, VEHICLE
from tests.integration.http.gateway import Gateway, open_gateway
from tests.integration.http.listening import Listener, listen
from tests.integration.http.wire import Heard, parse_answers

PATIENCE_SECONDS = 10.0
QUIET_TURNS = 4
Act = Callable[[Gateway], Awaitable[object]]
"""What happens to a gateway while a client waits."""

_GENERATED_ID = re.compile(rb"[0-9a-f]{13,}-[0-9a-f]+")


class CountingLane:
    """A lane that counts what it answers."""

    def __init__(self, lane: FastLane) -> None:
        self._lane = lane
        self.answered = 0

    def answer(self, *arguments: Any) -> Any:  # noqa: ANN401 - whatever the lane takes and gives
        reply = self._lane.answer(*arguments)
        self.answered += reply is not None
        return reply


class Client(asyncio.Protocol):
    """Keeps what it is sent."""

    def __init__(self) -> None:
        self.heard = bytearray()
        self.is_closed = False

    def data_received(self, data: bytes) -> None:
        self.heard += data

    def eof_received(self) -> bool:
        self.is_closed = True
        return True

    def connection_lost(self, _exc: Exception | None) -> None:
        self.is_closed = True


@dataclass(frozen=True, slots=True)
class Exchange:
    """What a client heard, with generated request ids masked, and whether it was left."""

    answers: list[Heard]
    was_closed: bool


@dataclass(slots=True)
class Twins:
    """The gateways, and how often the lane answered."""

    laned: Listener
    plain: Listener
    lane: CountingLane

    async def converse(
        self, steps: Sequence[Segment | Act], peer: str = "127.0.0.1"
    ) -> tuple[Exchange, Exchange, int]:
        """Return what each gateway answered, and how often the lane did."""
        answered = self.lane.answered
        exchanges = []
        for listener in (self.laned, self.plain):
            await _remember(listener.gateway)
            exchanges.append(await _converse(listener, steps, peer))
        return exchanges[0], exchanges[1], self.lane.answered - answered

    async def pass_time(self, seconds: float) -> None:
        """Let both clocks go on, and both processes read of changes by others."""
        for listener in (self.laned, self.plain):
            await pass_time(listener.gateway, seconds)


@asynccontextmanager
async def open_twins(folders: tuple[Path, Path], **more: str) -> AsyncIterator[Twins]:
    """Open both on databases of their own."""
    async with AsyncExitStack() as stack:
        listeners = []
        for folder, lane in zip(folders, ("on", "off"), strict=True):
            env = {
                "CACHE_STALE_WHILE_REVALIDATE_SECONDS": "0",
                "REQUEST_LOG_RATIO": "0",
                "DEFAULT_PLAN": "enterprise",
                **more,
            }
            gateway = await stack.enter_async_context(open_gateway(folder, FAST_LANE=lane, **env))
            listeners.append(await stack.enter_async_context(listen(gateway)))
        server = listeners[0].gateway.app.server
        assert server.lane is not None
        counting = CountingLane(server.lane)
        server.lane = cast("FastLane", counting)
        yield Twins(listeners[0], listeners[1], counting)


async def pass_time(gateway: Gateway, seconds: float) -> None:
    gateway.clock.advance(seconds)
    await gateway.container.access.follow_changes()()


async def _remember(gateway: Gateway) -> None:
    resources = gateway.container.resources()
    for resource in resources.values():
        await resource.memory.clear()
        if gateway.simulator.stats.calls:  # something was stored in the durable tier
            await resource.records.purge(None)
    gateway.simulator.stats.reset()
    now = gateway.clock.now()
    await resources["vehicle_static"].memory.put(Vin(VEHICLE), static_entry(fetched_at=now))
    await resources["vehicle_dynamic"].memory.put(Vin(VEHICLE), dynamic_entry(fetched_at=now))
    await gateway.remember(*(KillerBiId(key) for key in FRESH))
    await gateway.remember(KillerBiId(STALE), ttl=0)


async def _converse(listener: Listener, steps: Sequence[Segment | Act], peer: str) -> Exchange:
    loop = asyncio.get_running_loop()
    transport, client = await loop.create_connection(
        Client, "127.0.0.1", listener.port, local_addr=(peer, 0)
    )
    async with asyncio.timeout(PATIENCE_SECONDS):
        for segment in steps:
            if not isinstance(segment, Segment):
                await _quiet(listener, client)
                await segment(listener.gateway)
                continue
            if client.is_closed:
                break
            transport.write(segment.data)
            await _turns(2)
            if segment.pauses:
                await _quiet(listener, client)
        await _quiet(listener, client)
    context = Exchange(
        [_masked(heard) for heard in parse_answers(bytes(client.heard))], client.is_closed
    )
    transport.abort()
    await listener.until_left()
    return context


async def _quiet(listener: Listener, client: Client) -> None:
    """Wait until nothing is under way on either end, for some turns of the loop."""
    quiet = 0
    while quiet < QUIET_TURNS:
        await listener.gateway.container.ledger().drain()
        before = len(client.heard), client.is_closed
        await _turns(1)
        is_quiet = not listener.state.tasks and before == (len(client.heard), client.is_closed)
        quiet = quiet + 1 if is_quiet else 0


async def _turns(count: int) -> None:
    for _ in range(count):
        await asyncio.sleep(0)


def _masked(heard: Heard) -> Heard:
    """Return the answer without the request id, where the gateway made one up."""
    identity = heard.field(b"x-request-id") or b""
    if not _GENERATED_ID.fullmatch(identity):
        return heard
    length = int(heard.field(b"content-length") or 0)
    if heard.field(b"content-type") == b"application/problem+json":
        length -= len(identity)
    changed = {b"x-request-id": b"*", b"content-length": b"%d" % length}
    fields = tuple((name, changed.get(name, value)) for name, value in heard.fields)
    return replace(heard, fields=fields, body=heard.body.replace(identity, b"*"))
