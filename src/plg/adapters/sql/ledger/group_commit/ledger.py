"""The ledger, as the event loop sees it."""

import asyncio
from collections import deque
from contextlib import suppress
from pathlib import Path
from time import monotonic
from typing import Final

from plg.adapters.sql.ledger.group_commit.given_up import GivenUp
from plg.adapters.sql.ledger.group_commit.lasting import OnEnd
from plg.adapters.sql.ledger.group_commit.store import LedgerStore
from plg.adapters.sql.ledger.group_commit.tickets import Stage, Ticket
from plg.adapters.sql.ledger.group_commit.waiting import Waiting
from plg.adapters.sql.ledger.group_commit.writer import LedgerWriter, Written
from plg.application.ports.clock import ClockPort
from plg.application.ports.health import StoragePort
from plg.application.ports.ledger.ledger import LedgerPort, OnDone
from plg.domain.errors import LedgerUnavailable, PlgError, StorageUnavailable
from plg.domain.identity.keyring import Keyring
from plg.domain.ledger.chain import LedgerChain
from plg.domain.ledger.usage import Counted, Operation, Release, Reserve, Settle

PATIENCE_SECONDS: Final = 2.0
WAITING_MAX: Final = 10_000
_STANDS: Final = (Stage.WAITING, Stage.HANDED_OVER, Stage.GIVEN_UP)
_PENDING: Final = (Stage.WAITING, Stage.PARKED, Stage.HANDED_OVER)
_TOO_SLOW: Final = "what is billable cannot be written down in time"


class SqlLedger(LedgerPort, StoragePort):
    """
    Hands operations to a writer at the end of the loop's turn, and tells of whole groups at once.

    Args:
        given_up: Folder for what was given up after it was handed over.
        on_end: Told where a thread of it cannot go on. Without its writer everything fails at once.
        patience_seconds: How long an operation may take. Past that it fails: withdrawn where it
            still waits, made void where it is recorded after all.
        waiting_max: How many may wait.
    """

    def __init__(
        self,
        store: LedgerStore,
        keyring: Keyring,
        given_up: Path,
        clock: ClockPort,
        on_end: OnEnd,
        *,
        patience_seconds: float = PATIENCE_SECONDS,
        waiting_max: int = WAITING_MAX,
    ) -> None:
        self._patience = patience_seconds
        self._waiting = Waiting(waiting_max)
        self._on_end = on_end
        self._writer = LedgerWriter(
            store,
            LedgerChain(keyring),
            self._waiting,
            clock,
            self._told,
            self._ended,
        )
        self._given_up = GivenUp(given_up, self._writer.incarnation)
        self._left_behind: frozenset[str] = frozenset()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._open: deque[Ticket] = deque()
        self._open_count = 0
        self._timer: asyncio.TimerHandle | None = None
        self._is_rung = self._has_ended = False
        self._written_at = monotonic()
        self._drained: list[asyncio.Future[None]] = []

    def start(self) -> None:
        """Begin to write; call it on the event loop that will submit."""
        self._loop = asyncio.get_running_loop()
        self._left_behind, died = self._given_up.open()
        if self._left_behind:
            self._waiting.owe_voids(self._left_behind)
        else:
            self._given_up.forget_left_behind()
        self._writer.start(died)

    def submit(self, operation: Operation, on_done: OnDone) -> Ticket:
        loop = self._loop
        if loop is None:
            raise LedgerUnavailable("the ledger is not open")
        if self._has_ended:
            raise LedgerUnavailable("nothing writes any more")
        ticket = Ticket(operation, on_done, monotonic() + self._patience, self._withdraw)
        if not self._waiting.add(ticket):
            raise LedgerUnavailable("too much waits to be written down")
        self._open.append(ticket)
        self._open_count += 1
        if not self._is_rung:
            self._is_rung = True
            loop.call_soon(self._ring)
        if self._timer is None:
            self._timer = loop.call_later(self._patience, self._lose_patience)
        return ticket

    async def ping(self) -> None:
        is_open = self._loop is not None and not self._has_ended
        if not (is_open and self._writer.can_write(self._patience)):
            raise StorageUnavailable("what is billable cannot be written")

    async def drain(self) -> None:
        while self._open_count or self._waiting.owes:
            drained = asyncio.get_running_loop().create_future()
            self._drained.append(drained)
            await drained

    async def close(self) -> None:
        """
        Write what waits, give back what is reserved, and end.

        What cannot be written within the patience of an operation is left: it was answered as
        failed, and is made void after the next start where it is on disk all the same.
        """
        if self._loop is None:
            return
        with suppress(TimeoutError):
            await asyncio.wait_for(self.drain(), self._patience + 1)
        self._loop = None  # whom this tells may want to submit the next
        self._fail_all()
        if self._timer is not None:
            self._timer.cancel()
        await asyncio.to_thread(self._writer.stop, self._patience)
        self._given_up.close()

    def _ring(self) -> None:
        self._is_rung = False
        self._waiting.bell.set()

    def _ended(self, name: str, error: BaseException) -> None:
        """Take note, in the writer's thread."""
        self._on_end(name, error)
        loop = self._loop
        if loop is not None:
            with suppress(RuntimeError):  # as in `_told`
                loop.call_soon_threadsafe(self._stop_taking)

    def _stop_taking(self) -> None:
        self._has_ended = True
        self._fail_all()
        self._given_up.sync()

    def _fail_all(self) -> None:
        while self._open:
            self._fail(self._open.popleft())

    def _told(self, written: Written) -> None:
        """Take note, in the writer's thread."""
        loop = self._loop
        if loop is not None:
            with suppress(RuntimeError):  # the loop has ended, and nobody waits any more
                loop.call_soon_threadsafe(self._deliver, written)

    def _deliver(self, written: Written) -> None:
        if not any(isinstance(answer, LedgerUnavailable) for answer in written.answers):
            self._written_at = monotonic()
        if written.is_in_doubt:
            self._make_void([ticket.operation.asked.id for ticket in written.tickets])
        for ticket, answer in zip(written.tickets, written.answers, strict=True):
            if ticket.stage is Stage.GIVEN_UP:
                self._take_back(ticket, answer)
            else:
                ticket.stage = Stage.DONE
                if isinstance(answer, LedgerUnavailable):
                    self._let_go(ticket)
                self._answer(ticket, answer)
        self._open_count -= len(written.tickets)
        self._settled(written.voids)
        self._trim()
        self._tell_drained()

    @property
    def _is_stuck(self) -> bool:
        """Whether nothing could be written for as long as an operation has patience."""
        return monotonic() - self._written_at >= self._patience

    def _trim(self) -> None:
        open_ = self._open
        while open_ and (stage := open_[0].stage) not in _STANDS:
            if stage is Stage.PARKED and self._is_stuck:
                return
            ticket = open_.popleft()
            if stage is Stage.PARKED:  # another's turn: its patience begins again
                ticket.expires = monotonic() + self._patience
                open_.append(ticket)
                return

    def _answer(self, ticket: Ticket, answer: Counted | PlgError) -> None:
        try:
            ticket.on_done(answer)
        except Exception as error:  # noqa: BLE001 - the others of the group are told all the same
            asyncio.get_running_loop().call_exception_handler(
                {"message": "what was to follow a usage record failed", "exception": error}
            )

    def _take_back(self, ticket: Ticket, answer: Counted | PlgError) -> None:
        """Undo what became durable after it was given up."""
        asked = ticket.operation.asked
        ticket.stage = Stage.DONE
        if isinstance(answer, LedgerUnavailable):
            self._let_go(ticket)
        if not isinstance(answer, Counted):
            self._given_up.forget([asked.id])
        elif isinstance(ticket.operation, Reserve):
            self._given_up.forget([asked.id])
            self._waiting.owe_release(asked)
        elif answer.sequence is None or answer.is_repeat:
            self._given_up.forget([asked.id])
        else:
            self._waiting.owe_voids([asked.id])

    def _let_go(self, ticket: Ticket) -> None:
        """Give back what was reserved for an answer that will not be."""
        if isinstance(ticket.operation, Settle | Release):
            self._waiting.owe_release(ticket.operation.asked)

    def _make_void(self, ids: list[str]) -> None:
        self._given_up.add(ids)
        self._waiting.owe_voids(ids)

    def _settled(self, voids: frozenset[str]) -> None:
        if not voids:
            return
        self._given_up.forget(voids)
        if self._left_behind and self._left_behind <= voids:
            self._left_behind = frozenset()
            self._given_up.forget_left_behind()

    def _withdraw(self, ticket: Ticket) -> bool:
        before = ticket.stage
        stage = self._waiting.withdraw(ticket)
        if stage is Stage.GIVEN_UP:
            self._given_up.add([ticket.operation.asked.id])
        elif stage is Stage.WITHDRAWN and before is not Stage.WITHDRAWN:
            self._open_count -= 1
            self._let_go(ticket)
            self._tell_drained()
        return stage is Stage.WITHDRAWN

    def _lose_patience(self) -> None:
        now = monotonic()
        self._timer = None
        self._trim()
        lost = 0
        while self._open and self._open[0].expires <= now:
            lost += self._fail(self._open.popleft())
            self._trim()
        if self._loop is None:
            return
        if lost:
            self._loop.run_in_executor(None, self._given_up.sync)
        if self._open:
            left = max(0.0, self._open[0].expires - now)
            self._timer = self._loop.call_later(left, self._lose_patience)

    def _fail(self, ticket: Ticket) -> bool:
        if ticket.stage not in _PENDING:
            return False
        self._withdraw(ticket)
        self._answer(ticket, LedgerUnavailable(_TOO_SLOW))
        return True

    def _tell_drained(self) -> None:
        if self._open_count or self._waiting.owes:
            return
        drained, self._drained = self._drained, []
        for each in drained:
            if not each.done():
                each.set_result(None)
