"""
The fast lane: a known caller asks for a fresh record in memory, and nothing else.

It decides nothing of its own: who asks, what they may, what is fresh and how it is rendered
are the functions that the ordinary way calls. What it cannot answer at once it leaves alone.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any

from plg.application.ports.clock import ClockPort
from plg.domain.access import Access
from plg.domain.entries import Entry
from plg.domain.errors import PlgError
from plg.entrypoints.http.carrier.head import parse_head
from plg.entrypoints.http.carrier.wire import serialize
from plg.entrypoints.http.fields import request_id
from plg.entrypoints.http.gate import Gate
from plg.entrypoints.http.records import RecordRenderer
from plg.entrypoints.http.telemetry import RequestTelemetry


@dataclass(frozen=True, slots=True)
class LaneRoute:
    """
    A route that the lane may answer.

    Attributes:
        parse: Reads the key from a target; None where the target is another route's. Raises
            as the route's own parser does.
        peek: Returns the fresh entry that is at hand.
    """

    path: str
    access: Access
    parse: Callable[[bytes], Any]
    peek: Callable[[Any, float], Entry | None]
    render: RecordRenderer


@dataclass(frozen=True, slots=True)
class FastLane:
    """Answers from the parsed head."""

    gate: Gate
    routes: Sequence[LaneRoute]
    telemetry: RequestTelemetry
    clock: ClockPort

    def answer(
        self, data: bytes, start: int, peer: str, server_lines: bytes
    ) -> tuple[bytes, int] | None:
        """
        Return the answer to the request at `start`, and where the next request begins.

        None where the ordinary way must answer; then nothing is counted yet.
        """
        started = perf_counter()
        head = parse_head(data, start)
        if head is None:
            return None
        method, target, fields, end = head
        now = self.clock.now()
        try:
            found = self._find(target)
            caller = self.gate.recall(fields, peer, now) if found is not None else None
        except PlgError:
            return None
        if found is None or caller is None or not found[0].access.admits(caller):
            return None
        route, key = found
        entry = route.peek(key, now)
        limit_lines = self.gate.limit_at_once(caller, now) if entry is not None else None
        if entry is None or limit_lines is None:
            return None
        answer = route.render(entry, now, fields.get(b"if-none-match"))
        answer.lines += limit_lines
        identity = request_id(fields.get(b"x-request-id"))
        wire = serialize(answer, server_lines, identity, with_body=method == b"GET", closes=False)
        seconds = perf_counter() - started
        self.telemetry.record(
            method, route.path, answer.status, "hit", seconds, identity, caller.id
        )
        return wire, end

    def _find(self, target: bytes) -> tuple[LaneRoute, Any] | None:
        for route in self.routes:
            key = route.parse(target)
            if key is not None:
                return route, key
        return None
