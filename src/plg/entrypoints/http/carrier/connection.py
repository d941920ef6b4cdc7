"""One client connection: its clocks, its bounds, and who answers on it."""

import asyncio
import math
from dataclasses import dataclass, field
from typing import Any

from uvicorn.config import Config
from uvicorn.server import ServerState

from plg.entrypoints.http.carrier.bounds import FEED_BYTES, Bounds
from plg.entrypoints.http.carrier.lane import ClientHead, FastLane
from plg.entrypoints.http.carrier.ordinary import OrdinaryProtocol
from plg.entrypoints.http.carrier.outbox import GatheringTransport, Outbox
from plg.entrypoints.http.carrier.requests import Fault
from plg.entrypoints.http.carrier.wire import serialize
from plg.entrypoints.http.protocol.context import NO_OUTCOME
from plg.entrypoints.http.protocol.errors import problem
from plg.entrypoints.http.protocol.fields import Field, join_lines, request_id
from plg.entrypoints.http.telemetry import RequestTelemetry

UNPARSED = "unparsed"


@dataclass(slots=True)
class ServerContext:
    """What every connection of a process shares; without a `lane`, all go the ordinary way."""

    bounds: Bounds
    telemetry: RequestTelemetry
    lane: FastLane | None
    server_fields: list[Field] = field(default_factory=list)
    server_lines: bytes = b""
    outbox: Outbox | None = None


class Connection(asyncio.Protocol):
    """
    Owns the connection, and hands each request to one of two carriers.

    It alone stands among the server's connections, and only its one timer runs. While the
    ordinary way has part of a request or owes an answer, it gets all bytes: so answers keep
    their order. The app under uvicorn must have the shared `ServerContext` as its `carriage`.
    """

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        server: ServerContext = config.loaded_app.server
        self._loop = _loop or asyncio.get_running_loop()
        self._server = server_state
        self._carriage = server
        self._bounds = server.bounds
        self._lane = server.lane
        self._ordinary = OrdinaryProtocol(config, server_state, app_state, self._loop, self)
        self._held = b""
        self._is_new = True
        self._is_paused = self._is_stopping = self._is_awaiting = False
        self._deadline = self._stalled_until = math.inf
        self._timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        if self._carriage.outbox is None:
            self._carriage.outbox = Outbox(self._loop)
        self._speaker = ClientHead((transport.get_extra_info("peername") or ("",))[0])
        self._transport = GatheringTransport(
            transport, self._carriage.outbox, self._bounds.write_stall_seconds
        )
        self._ordinary.connection_made(self._transport)
        connections: set[Any] = self._server.connections
        connections.add(self)
        if len(connections) > self._bounds.connections_max:
            self.refuse(Fault("overloaded"))
        else:
            self._expect(self._bounds.request_seconds)

    def connection_lost(self, exc: Exception | None) -> None:
        self._server.connections.discard(self)
        if self._timer is not None:
            self._timer.cancel()
        self._ordinary.connection_lost(exc)
        self._transport.lost()

    def eof_received(self) -> bool:
        """Close once what has arrived is answered: the client has said all, but may listen."""
        if self._transport.is_closing():
            self._transport.close()
        else:
            self._is_stopping = True
            self._finish()
        return True

    def data_received(self, data: bytes) -> None:
        self._is_new = False
        if self._held or self._is_awaiting or (self._is_paused and self._ordinary.is_idle):
            self._hold(data)
        elif self._lane is None or not self._ordinary.is_idle:
            self._pass_on(data)
        else:
            self._answer(self._lane, data)
        if self._is_stopping and not self._ordinary.is_in_head:
            self._finish()

    def pause_writing(self) -> None:
        """Answer nothing more until the client has read what it was sent."""
        self._is_paused = True
        self._ordinary.pause_writing()
        self._stalled_until = self._loop.time() + self._bounds.write_stall_seconds
        self._arm(self._stalled_until)

    def resume_writing(self) -> None:
        """Go on with what was held back."""
        self._is_paused = False
        self._stalled_until = math.inf
        self._ordinary.resume_writing()
        self._release()

    def shutdown(self) -> None:
        """
        Close once every request that has arrived is answered; uvicorn calls it at a stop.

        Who has just come to ask, or has begun to, is given a moment to say the rest.
        """
        self._is_stopping = True
        if self._is_new or self._ordinary.is_in_head:
            self._expect(self._bounds.last_request_seconds)
        else:
            self._finish()

    def answered(self) -> None:
        """Go on with what was held back, or wait for the next request."""
        if self._ordinary.is_idle:  # the timer, which is always armed, looks at the deadline
            self._deadline = self._loop.time() + self._bounds.keep_alive_seconds
        self._release()

    def deliver(self, wire: bytes) -> None:
        """Send the answer that was awaited, and go on with what was held back."""
        self._is_awaiting = False
        if self._transport.is_closing():
            return
        self._transport.write(wire)
        self._server.total_requests += 1
        self._deadline = self._loop.time() + self._bounds.keep_alive_seconds
        self._release()
        if self._is_stopping:
            self._finish()

    def refuse(self, fault: Fault) -> None:
        """Answer with a problem, and close."""
        identity = request_id(fault.given_id)
        retry = [(b"retry-after", b"1")] if fault.code == "overloaded" else []
        answer = problem(fault.code, identity, *retry, detail=fault.detail)
        self._carriage.telemetry.record(
            b"-", UNPARSED, answer.status, NO_OUTCOME, 0.0, identity, "-"
        )
        self._transport.write(
            serialize(answer, self.server_lines, identity, with_body=fault.with_body, closes=True)
        )
        self.close()

    def close(self) -> None:
        """Close, in stages where the client is still sending."""
        if self._ordinary.is_receiving:
            self._transport.end()
        else:
            self._transport.close()

    @property
    def server_lines(self) -> bytes:
        """The header lines of the server itself: `Date`."""
        fields = self._server.default_headers  # uvicorn makes a new list every second
        server = self._carriage
        if fields is not server.server_fields:
            server.server_fields, server.server_lines = fields, join_lines(fields)
        return server.server_lines

    def _answer(self, lane: FastLane, data: bytes) -> None:
        position, size = 0, len(data)
        while not self._is_paused:
            reply = lane.answer(data, position, self._speaker, self.server_lines, self.deliver)
            if reply is None:
                break
            wire, position = reply
            if wire is None:
                self._is_awaiting = True
                break
            self._transport.write(wire)
            self._server.total_requests += 1
            self._deadline = self._loop.time() + self._bounds.keep_alive_seconds
            if position == size:
                return
        rest = data[position:] if position else data
        if self._is_awaiting or self._is_paused:
            if rest:
                self._hold(rest)
        else:
            self._pass_on(rest)

    def _pass_on(self, data: bytes) -> None:
        ordinary = self._ordinary
        for start in range(0, len(data), FEED_BYTES):
            if self._transport.is_closing():
                return
            if ordinary.is_queueing:
                self._hold(data[start:])
                return
            begun = ordinary.begun
            ordinary.data_received(data[start : start + FEED_BYTES])
            if ordinary.is_receiving and ordinary.begun != begun:
                self._expect(self._bounds.request_seconds)

    def _hold(self, data: bytes) -> None:
        self._held += data
        self._transport.pause_reading()

    def _release(self) -> None:
        is_busy = self._is_paused or self._is_awaiting or self._ordinary.is_queueing
        if not self._held or is_busy:
            return
        held, self._held = self._held, b""
        self._transport.resume_reading()
        self.data_received(held)

    def _finish(self) -> None:
        if not self._held and not self._is_awaiting:
            self._ordinary.shutdown()

    def _expect(self, seconds: float) -> None:
        self._deadline = self._loop.time() + seconds
        self._arm(self._deadline)

    def _arm(self, when: float) -> None:
        if self._timer is None or when < self._timer.when():
            if self._timer is not None:
                self._timer.cancel()
            self._timer = self._loop.call_at(when, self._check)

    def _check(self) -> None:
        self._timer = None
        now = self._loop.time()
        if self._transport.is_closing():
            return
        if now >= self._stalled_until:
            self._transport.abort()
        elif self._is_paused:
            self._arm(self._stalled_until)
        elif now < self._deadline:
            self._arm(self._deadline)
        elif self._ordinary.is_in_head:
            self._ordinary.give_up("request_timeout")
            self._expect(self._bounds.request_seconds)
        elif self._ordinary.is_receiving:
            self.close()  # an app that waits for the rest of a body learns of it
        elif self._ordinary.is_answering or self._is_awaiting:
            self._expect(self._bounds.request_seconds)  # it is we who are slow
        else:
            self._transport.close()
