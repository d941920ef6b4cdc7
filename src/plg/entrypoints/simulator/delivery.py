"""The way of an answer to the client, and what can happen to it there."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass

from starlette.types import Receive, Send

from plg.entrypoints.simulator.answers import (
    Answer,
    Header,
    failure,
    is_known_to_client,
    not_modified,
    rate_limited,
    response_start,
)
from plg.entrypoints.simulator.faults import Fault, FaultDice, Faults
from plg.entrypoints.simulator.garbage import Shell, body_parts, content_type
from plg.entrypoints.simulator.stats import CallStats

Sleep = Callable[[float], Awaitable[object]]


class HungUp(ConnectionResetError):
    """The source dropped the connection in the middle of a body."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call in flight: what is due, what stands around it, and how to reach the client."""

    shell: Shell
    due: Answer
    faults: Faults
    headers: Iterable[Header]
    receive: Receive
    send: Send

    def answer(self) -> Answer:
        """Return what is due, or that the client has it already."""
        if is_known_to_client(self.due.etag, self.headers):
            return not_modified(self.due.etag)
        return self.due


@dataclass(frozen=True, slots=True)
class Delivery:
    """
    Brings a call to its end, well or badly.

    `hang_up` makes the exception that ends a dropped connection; a server closes the
    connection on any, a client in process gets to see this one.
    """

    dice: FaultDice
    stats: CallStats
    sleep: Sleep
    hang_up: Callable[[], Exception]

    async def __call__(self, call: Call) -> None:
        """Answer after the latency, unless the dice say otherwise."""
        fault = self.dice.fault(call.faults)
        delay = self.dice.delay(call.faults)
        if delay:
            await self.sleep(delay)
        if fault is None:
            await self._answer(call, call.answer())
        else:
            await self._fail(call, fault)

    async def _fail(self, call: Call, fault: Fault) -> None:
        ways = {
            Fault.ERROR: self._error,
            Fault.TIMEOUT: self._time_out,
            Fault.GARBAGE: self._garbage,
            Fault.DISCONNECT: self._disconnect,
            Fault.RATE_LIMIT: self._rate_limit,
        }
        await ways[fault](call)

    async def _error(self, call: Call) -> None:
        await self._answer(call, failure(self.dice.error_status(call.faults)))

    async def _rate_limit(self, call: Call) -> None:
        await self._answer(call, rate_limited(call.faults.retry_after))

    async def _answer(self, call: Call, answer: Answer) -> None:
        self.stats.came_to(answer.result, answer.status)
        await answer.send_to(call.send)

    async def _garbage(self, call: Call) -> None:
        self.stats.came_to(Fault.GARBAGE, 200)
        kind = self.dice.garbage_kind(call.faults)
        await call.send(response_start(200, [(b"content-type", content_type(kind))]))
        for part in body_parts(kind, call.shell):
            await call.send({"type": "http.response.body", "body": part, "more_body": True})
        await call.send({"type": "http.response.body", "body": b""})

    async def _disconnect(self, call: Call) -> None:
        self.stats.came_to(Fault.DISCONNECT, call.due.status)
        for message in call.due.head_and_half():
            await call.send(message)
        raise self.hang_up()

    async def _time_out(self, call: Call) -> None:
        """Keep silent until the client has gone; past the bound, say 504."""
        self.stats.came_to(Fault.TIMEOUT, None)
        if not await self._is_gone_within(call.faults.timeout_seconds, call.receive):
            await failure(504).send_to(call.send)

    async def _is_gone_within(self, seconds: float, receive: Receive) -> bool:
        gone = asyncio.ensure_future(_until_gone(receive))
        bound = asyncio.ensure_future(self.sleep(seconds))
        try:
            await asyncio.wait({gone, bound}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            gone.cancel()
            bound.cancel()
        return gone.done() and not gone.cancelled()


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
