"""The ledger in memory."""

import asyncio
from collections import deque

from plg.application.ports.ledger.ledger import LedgerPort, OnDone, TicketPort
from plg.domain.errors import LedgerUnavailable, PlgError
from plg.domain.identity.keyring import Keyring
from plg.domain.ids import new_id
from plg.domain.ledger.chain import LedgerChain
from plg.domain.ledger.metering import Undecided, decide, void
from plg.domain.ledger.meters import Meter
from plg.domain.ledger.usage import Counted, Operation, Release, Reserve, Settle, UsageRecord
from tests.fakes.clock import StoppedClock


class MemoryTicket(TicketPort):
    """An operation that waits until the end of the loop's turn."""

    def __init__(self, ledger: "MemoryLedger", operation: Operation, on_done: OnDone) -> None:
        self.operation = operation
        self.on_done = on_done
        self.is_over = self.is_withdrawn = self.is_handed_over = self.is_given_up = False
        self._ledger = ledger

    def give_up(self) -> bool:
        if self.is_handed_over:
            self.is_given_up = not self.is_over
            return False
        if not self.is_over:
            self.is_over = self.is_withdrawn = True
            self._ledger.withdrawn(self)
        return self.is_withdrawn


class MemoryLedger(LedgerPort):
    """
    Decides as the others do, and writes all that waits at the end of the loop's turn.

    `is_full` refuses to take more, `is_down` fails what is taken, `is_stuck` decides but tells of
    nothing until `go_on`. `records` are those of all accounts, in order.
    """

    def __init__(self, clock: StoppedClock | None = None, incarnation: str = "01TWIN") -> None:
        self.is_full = self.is_down = self.is_stuck = False
        self.records: list[UsageRecord] = []
        self.groups: list[int] = []
        self._clock = clock or StoppedClock()
        self._incarnation = incarnation
        self._seal = LedgerChain(Keyring("x" * 32)).sealer().seal
        self._meters: dict[str, Meter] = {}
        self._waiting: deque[MemoryTicket] = deque()
        self._told: list[tuple[MemoryTicket, Counted | PlgError]] = []
        self._is_rung = False
        self._drained = asyncio.Event()

    def submit(self, operation: Operation, on_done: OnDone) -> MemoryTicket:
        if self.is_full:
            raise LedgerUnavailable("too much waits to be written down")
        ticket = MemoryTicket(self, operation, on_done)
        self._waiting.append(ticket)
        self._ring()
        return ticket

    async def drain(self) -> None:
        while self._waiting or self._told:
            self._drained.clear()
            await self._drained.wait()

    def go_on(self) -> None:
        """Tell what was held back by `is_stuck`."""
        self.is_stuck = False
        self._tell()

    def withdrawn(self, ticket: MemoryTicket) -> None:
        self._waiting.remove(ticket)
        if isinstance(ticket.operation, Settle | Release):
            self._meter(ticket.operation.asked.account_id).release(ticket.operation.asked.id)
        self._drained.set()

    def _ring(self) -> None:
        if not self._is_rung:
            self._is_rung = True
            asyncio.get_running_loop().call_soon(self._write)

    def _write(self) -> None:
        self._is_rung = False
        group, self._waiting = self._waiting, deque()
        self._sweep(self._clock.now())
        for meter in self._meters.values():
            meter.begin()
        decided = 0
        while group:
            verdicts = [(ticket, self._decide(ticket.operation)) for ticket in group]
            settled = [(each, found) for each, found in verdicts if not _is_undecided(found)]
            group = deque(ticket for ticket, found in verdicts if _is_undecided(found))
            for ticket, verdict in settled:
                ticket.is_handed_over = True
                assert not isinstance(verdict, Undecided)
                self._told.append((ticket, verdict))
            decided += len(settled)
            if not any(isinstance(each.operation, Settle | Release) for each, _ in settled):
                break
        self._waiting.extendleft(reversed(group))
        self.groups.append(decided)
        for meter in self._meters.values():
            self.records += [record for record, _ in meter.changes.records]
        if not self.is_stuck:
            self._tell()

    def _decide(self, operation: Operation) -> Counted | PlgError | Undecided:
        if self.is_down:
            return LedgerUnavailable("what is billable cannot be written down in time")
        meter = self._meter(operation.asked.account_id)
        return decide(meter, operation, self._incarnation, self._seal)

    def _tell(self) -> None:
        told, self._told = self._told, []
        for ticket, answer in told:
            ticket.is_over = True
            if ticket.is_given_up:
                self._take_back(ticket, answer)
            else:
                asyncio.get_running_loop().call_soon(ticket.on_done, answer)
        self._drained.set()

    def _take_back(self, ticket: MemoryTicket, answer: Counted | PlgError) -> None:
        asked = ticket.operation.asked
        meter = self._meter(asked.account_id)
        if isinstance(ticket.operation, Reserve):
            meter.release(asked.id)
        elif isinstance(answer, Counted) and answer.sequence and not answer.is_repeat:
            record = next(each for each in self.records if each.id == asked.id)
            now = self._clock.now()
            meter.begin()
            void(meter, record, new_id(now), now, self._seal)
            self.records += [each for each, _ in meter.changes.records]

    def _sweep(self, now: float) -> None:
        for meter in self._meters.values():
            for held in list(meter.reservations.values()):
                if held.deadline <= now:
                    meter.release(held.id)

    def _meter(self, account_id: str) -> Meter:
        return self._meters.setdefault(account_id, Meter(account_id))


def _is_undecided(verdict: Counted | PlgError | Undecided) -> bool:
    return isinstance(verdict, Undecided)
