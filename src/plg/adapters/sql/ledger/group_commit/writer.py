"""The thread that writes: everything that waits is one transaction."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import monotonic, sleep
from typing import Final

import structlog

from plg.adapters.sql.ledger.group_commit import chores
from plg.adapters.sql.ledger.group_commit.books import Books
from plg.adapters.sql.ledger.group_commit.lasting import LastingThread, OnEnd
from plg.adapters.sql.ledger.group_commit.notices import Noticed
from plg.adapters.sql.ledger.group_commit.session import Session
from plg.adapters.sql.ledger.group_commit.store import InDoubt, LedgerStore
from plg.adapters.sql.ledger.group_commit.tickets import Ticket
from plg.adapters.sql.ledger.group_commit.waiting import Waiting
from plg.application.ports.clock import ClockPort
from plg.domain.errors import LedgerUnavailable, PlgError
from plg.domain.ids import new_id
from plg.domain.ledger.chain import LedgerChain
from plg.domain.ledger.metering import Undecided
from plg.domain.ledger.usage import Counted, Operation, Release, Settle

GROUP_MAX: Final = 512
RACES_MAX: Final = 5
PARKED_SECONDS: Final = 0.05
RETRY_SECONDS: Final = 0.1
# Others that want to write look every 100 ms at most whether it can: these pauses drift against
# that, so that it gets its turn within a second though operations never stop waiting.
UNBROKEN_SECONDS: Final = 0.1
PAUSE_SECONDS: Final = 0.01
_log = structlog.get_logger("plg.ledger")

_FAILURE: Final = LedgerUnavailable("what is billable cannot be written down in time")

Answer = Counted | PlgError


@dataclass(frozen=True, slots=True)
class Written:
    """
    The outcome of one transaction.

    Attributes:
        voids: Ids that were given up and of which no record stands any more.
        is_in_doubt: Whether it failed in a way that may leave it on disk: what a sync refused can
            come back after a crash.
    """

    tickets: Sequence[Ticket]
    answers: Sequence[Answer]
    voids: frozenset[str] = frozenset()
    is_in_doubt: bool = False


class LedgerWriter:
    """
    Decides and writes in a thread of its own.

    Args:
        told: Called in that thread with what became durable, or failed.
        on_end: Called in that thread where it cannot go on.
    """

    def __init__(
        self,
        store: LedgerStore,
        chain: LedgerChain,
        waiting: Waiting,
        clock: ClockPort,
        told: Callable[[Written], None],
        on_end: OnEnd,
    ) -> None:
        self.incarnation = new_id(clock.now())
        self._store = store
        self._chain = chain
        self._waiting = waiting
        self._clock = clock
        self._told = told
        self._started_at = clock.now()
        self._session: Session | None = None
        self._noticed = Noticed()
        self._is_stopping = False
        self._is_failing = False
        self._trying_since: float | None = None
        self._chores_due = 0.0
        self._parked_due = 0.0
        self._died: frozenset[str] = frozenset()
        self._thread = LastingThread("ledger", self._run, on_end)

    def start(self, died: frozenset[str]) -> None:
        """Begin; `died` are incarnations that are known to have ended."""
        self._died = died
        self._store.start()
        self._thread.start()

    def stop(self, seconds: float) -> bool:
        """Give back what is reserved, and end; False where that takes longer."""
        self._is_stopping = True
        self._waiting.bell.set()
        self._thread.join(seconds)
        self._store.stop(seconds)
        return not self._thread.is_alive()

    def can_write(self, patience_seconds: float) -> bool:
        """Tell whether the last attempt succeeded, or one under way takes no longer than this."""
        since = self._trying_since
        is_stuck = since is not None and monotonic() - since >= patience_seconds
        return self._thread.is_alive() and not self._is_failing and not is_stuck

    def _run(self) -> None:
        try:
            self._work()
        finally:
            self._disconnect()  # or a transaction that it is in keeps everybody out

    def _work(self) -> None:
        waiting = self._waiting
        while not self._is_stopping:
            waiting.bell.wait(self._seconds_to_wait())
            waiting.bell.clear()
            began = monotonic()
            while self._has_work() and not self._is_stopping:
                self._write_next_group()
                if monotonic() - began > UNBROKEN_SECONDS:
                    sleep(PAUSE_SECONDS)
                    began = monotonic()
        self._shut_down()

    def _seconds_to_wait(self) -> float:
        due = self._chores_due
        if self._waiting.has_parked:
            due = min(due, self._parked_due)
        return max(0.0, due - monotonic())

    def _has_work(self) -> bool:
        waiting = self._waiting
        if waiting.has_line or waiting.owes:
            return True
        now = monotonic()
        return now >= self._chores_due or (waiting.has_parked and now >= self._parked_due)

    def _write_next_group(self) -> None:
        """Write one group."""
        if self._trying_since is None:
            self._trying_since = monotonic()
        try:
            session = self._begun()
        except self._store.failures as error:
            self._cannot_begin(error)
            return
        is_parked_due = monotonic() >= self._parked_due
        if is_parked_due:
            self._parked_due = monotonic() + PARKED_SECONDS
        group = self._waiting.take(GROUP_MAX, with_parked=is_parked_due)
        try:
            self._write_or_retry(session, group)
        except Exception as error:  # noqa: BLE001 - one operation that cannot be, or the storage
            if self._store.is_of_the_storage(error) or not group:
                self._failed(group, error)
            else:
                self._retry_one_by_one(group)

    def _begun(self) -> Session:
        self._store.check()
        if self._session is None:
            self._session = self._store.connect()
        self._session.begin()
        return self._session

    def _write_or_retry(self, session: Session, group: Sequence[Ticket]) -> None:
        """Write a group; again where its transaction was taken back for the sake of another."""
        for _ in range(RACES_MAX):
            try:
                self._write(session, group)
            except self._store.failures as error:
                if not self._store.is_lost_race(error):
                    raise
                self._disconnect()
                session = self._begun()
            else:
                return
        self._write(session, group)

    def _write(self, session: Session, group: Sequence[Ticket]) -> None:
        now = self._clock.now()
        voids, releases = self._waiting.owed()
        is_chore = monotonic() >= self._chores_due
        if not (group or voids or releases or is_chore):
            session.rollback()
            self._recovered()
            return
        books = Books(session, self._chain, now, self._noticed)
        voided = books.standing_records(voids) if voids else []
        operations: list[Operation] = [ticket.operation for ticket in group]
        books.open([each.asked for each in operations] + releases, voided)
        for asked in releases:
            books.decide(Release(asked), self.incarnation)
        for record in voided:
            books.void(record, new_id(now))
        verdicts = [books.decide(each, self.incarnation) for each in operations]
        reached = books.write()
        if is_chore:
            self._do_chores(session, now)
        self._commit(session)
        self._noticed.remember(reached)
        self._waiting.paid(voids, releases)
        self._recovered()
        self._tell(group, verdicts, voids)
        self._store.wrote(len(group), session)

    def _do_chores(self, session: Session, now: float) -> None:
        for died in self._died:
            chores.leave(session, died)
        self._died = frozenset()
        chores.beat(session, self.incarnation, self._started_at, now)
        chores.sweep(session, now)
        self._chores_due = monotonic() + chores.HEARTBEAT_SECONDS

    def _commit(self, session: Session) -> None:
        try:
            session.commit()
        except self._store.failures as error:
            self._chores_due = 0.0
            raise InDoubt from error

    def _tell(
        self,
        group: Sequence[Ticket],
        verdicts: Sequence[Answer | Undecided],
        voids: frozenset[str],
    ) -> None:
        answered: list[Ticket] = []
        answers: list[Answer] = []
        undecided: list[Ticket] = []
        for ticket, verdict in zip(group, verdicts, strict=True):
            if isinstance(verdict, Undecided):
                undecided.append(ticket)
            else:
                answered.append(ticket)
                answers.append(verdict)
                if isinstance(ticket.operation, Settle | Release):
                    self._parked_due = 0.0
        if undecided:
            given_up = self._waiting.park(undecided)
            answered += given_up
            answers += [_FAILURE] * len(given_up)
        self._told(Written(answered, answers, voids))

    def _cannot_begin(self, error: Exception) -> None:
        self._waiting.purge()
        if not self._store.is_locked(error):
            self._failed(self._waiting.take(GROUP_MAX, with_parked=True), error)
        # Otherwise others write: what waits keeps waiting, each as long as it has patience.

    def _failed(self, group: Sequence[Ticket], error: Exception) -> None:
        """Tell a group that it failed, and begin anew with another connection."""
        if not self._is_failing:
            reason = error.__cause__ if isinstance(error, InDoubt) else error
            _log.error("the ledger cannot be written", error=str(reason))
        self._is_failing = True
        self._disconnect()
        if group:
            is_in_doubt = isinstance(error, InDoubt)
            self._told(Written(group, [_FAILURE] * len(group), is_in_doubt=is_in_doubt))
        if not self._is_stopping:
            self._waiting.bell.clear()
            self._waiting.bell.wait(RETRY_SECONDS)

    def _retry_one_by_one(self, group: Sequence[Ticket]) -> None:
        """Write the operations of a group one by one, so that only the one at fault fails."""
        self._disconnect()
        for number, ticket in enumerate(group):
            try:
                self._write_or_retry(self._begun(), [ticket])
            except Exception as error:  # noqa: BLE001 - as above
                if self._store.is_of_the_storage(error):
                    self._failed(group[number:], error)
                    return
                record_id = ticket.operation.asked.id
                _log.error("an operation cannot be recorded", id=record_id, error=repr(error))
                self._disconnect()
                self._told(Written([ticket], [_FAILURE]))
                self._trying_since = None

    def _recovered(self) -> None:
        self._trying_since = None
        if self._is_failing:
            self._is_failing = False
            _log.warning("the ledger is written again")

    def _shut_down(self) -> None:
        try:
            session = self._begun()
            chores.leave(session, self.incarnation)
            session.commit()
        except self._store.failures as error:
            _log.warning("reservations stay until their deadline", error=str(error))

    def _disconnect(self) -> None:
        if self._session is not None:
            session, self._session = self._session, None
            try:
                session.close()
            except self._store.failures as error:
                _log.warning("the ledger's connection could not be closed", error=str(error))
