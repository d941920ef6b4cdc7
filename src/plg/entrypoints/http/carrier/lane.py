"""
The fast lane: a known caller asks for a fresh record in memory, and nothing else.

It decides nothing of its own: who asks, what they may, what is fresh and how it is rendered
are the functions that the ordinary way calls. What it cannot answer at once it leaves alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from time import perf_counter

from plg.application.ledger.meter_answers import MeterAnswers, asked_of
from plg.application.ports.clock import ClockPort
from plg.domain.errors import PlgError
from plg.domain.ledger.billed_as import billed_as
from plg.domain.ledger.usage import Charge
from plg.entrypoints.http.carrier.billed import BilledHit, Deliver
from plg.entrypoints.http.carrier.bounds import HEADER_BYTES_MAX
from plg.entrypoints.http.carrier.head import field_block, request_line
from plg.entrypoints.http.carrier.lane_routes import LaneRoute, LaneTable
from plg.entrypoints.http.carrier.wire import serialize
from plg.entrypoints.http.gate.gate import Gate
from plg.entrypoints.http.gate.records import confirms
from plg.entrypoints.http.protocol.fields import request_id
from plg.entrypoints.http.protocol.limits import limit_lines
from plg.entrypoints.http.protocol.peers import client_address
from plg.entrypoints.http.telemetry import RequestTelemetry


class ClientHead:
    """
    Who is at the other end of a connection: the fields of its last request, and what they say.

    Clients repeat them to the byte, so they are read once and then compared.

    Attributes:
        block: The fields as they stood, the blank line after them included.
        digest: Keyed digest of the credential among them.
        address: Where the request came from, behind trusted proxies.
    """

    __slots__ = ("address", "block", "digest", "fields", "peer")

    def __init__(self, peer: str) -> None:
        self.peer = peer
        self.address = peer
        self.block = b""
        self.digest = b""
        self.fields: Mapping[bytes, bytes] = {}


@dataclass(frozen=True, slots=True)
class FastLane:
    """Answers from the parsed head."""

    gate: Gate
    table: LaneTable
    telemetry: RequestTelemetry
    clock: ClockPort

    def answer(  # noqa: PLR0911 - one for each way out of the lane
        self, data: bytes, start: int, client: ClientHead, server_lines: bytes, deliver: Deliver
    ) -> tuple[bytes | None, int] | None:
        """
        Return the answer to the request at `start`, and where the next request begins.

        An answer that has to be counted first is delivered when it is: None stands for it. None
        as a whole, where the ordinary way must answer; then nothing is counted yet.
        """
        started = perf_counter()
        line = request_line(data, start)
        if line is None:
            return None
        method, target, begin = line
        try:
            if not self._knows(client, data, begin):
                return None
            found = self.table.find(target)
        except PlgError:
            return None
        end = begin + len(client.block)
        if found is None or end - start > HEADER_BYTES_MAX:
            return None
        route, key = found
        now = self.clock.now()
        entry = route.records.peek(key, now)
        if entry is None:
            return None
        vehicle = key if route.is_vehicle else None
        passed = self.gate.at_once(client.digest, client.address, route.access, vehicle, now)
        if passed is None:
            return None
        caller, decision = passed
        if_none_match = client.fields.get(b"if-none-match")
        answer = route.render(entry, now, if_none_match)
        identity = request_id(client.fields.get(b"x-request-id"))
        rule, meter = route.rule, self.gate.meter_answers
        metered = billed_as("hit", confirms=confirms(answer, if_none_match))
        if caller.tariff is not None and not rule.is_free:
            charge = Charge(asked_of(rule, key, caller, identity, now), metered)
            hit = BilledHit(
                self.telemetry, meter.tally, method, route.path, answer, caller, charge,
                decision, identity, started, server_lines, deliver,
            )  # fmt: skip
            return (None, end) if _submit(meter, charge, hit, route) else None
        meter.tally.note(caller.account_id or caller.id, rule.resource, metered)
        route.records.note_hit()
        answer.lines += limit_lines(decision)
        wire = serialize(answer, server_lines, identity, with_body=method == b"GET", closes=False)
        seconds = perf_counter() - started
        self.telemetry.record(
            method, route.path, answer.status, "hit", seconds, identity, caller.id
        )
        return wire, end

    def _knows(self, client: ClientHead, data: bytes, begin: int) -> bool:
        """Have the client's fields read, and tell whether they are a case for the lane."""
        if client.block and data.startswith(client.block, begin):
            return True
        read = field_block(data, begin)
        if read is None:
            return False
        block, fields = read
        digest = self.gate.digest_of(fields)
        if digest is None:
            return False
        client.block, client.fields, client.digest = block, fields, digest
        client.address = client_address(client.peer, fields, self.gate.trusted_proxies)
        return True


def _submit(meter: MeterAnswers, charge: Charge, hit: BilledHit, route: LaneRoute) -> bool:
    """Have it counted; False where that cannot be begun."""
    try:
        meter.count.ledger.submit(charge, hit)
    except PlgError:
        return False
    route.records.note_hit()
    return True
