"""What waits, between the event loop that submits and the thread that writes."""

import threading
from collections import deque
from collections.abc import Iterable

from plg.adapters.sql.ledger.group_commit.tickets import Stage, Ticket
from plg.domain.ledger.usage import Asked

_WAITS = (Stage.WAITING, Stage.PARKED)


class Waiting:
    """
    A bounded line of tickets, and what is owed: records to take back, units to give back.

    What is owed stays until a transaction that settles it is durable.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._lock = threading.Lock()
        self._line: deque[Ticket] = deque()
        self._parked: list[Ticket] = []
        self._count = 0
        self._voids: set[str] = set()
        self._releases: dict[str, Asked] = {}
        self.bell = threading.Event()

    def __len__(self) -> int:
        return self._count

    @property
    def has_line(self) -> bool:
        """Tell whether tickets stand in line; parked ones do not."""
        return bool(self._line)

    @property
    def has_parked(self) -> bool:
        return bool(self._parked)

    @property
    def owes(self) -> bool:
        return bool(self._voids or self._releases)

    def add(self, ticket: Ticket) -> bool:
        """Let a ticket wait; False where too many do."""
        with self._lock:
            if self._count >= self._size:
                return False
            self._count += 1
            self._line.append(ticket)
        return True

    def take(self, most: int, *, with_parked: bool) -> list[Ticket]:
        """Hand over what waits, in order; what was parked comes last."""
        with self._lock:
            group: list[Ticket] = []
            line = self._line
            while line and len(group) < most:
                ticket = line.popleft()
                if ticket.stage is Stage.WAITING:
                    ticket.stage = Stage.HANDED_OVER
                    group.append(ticket)
            if with_parked:
                parked, self._parked = self._parked, []
                for ticket in parked:
                    if ticket.stage is Stage.PARKED:
                        ticket.stage = Stage.HANDED_OVER
                        group.append(ticket)
            self._count -= len(group)
        return group

    def park(self, tickets: Iterable[Ticket]) -> list[Ticket]:
        """Take tickets back that are not decided yet; return those given up since."""
        given_up = []
        with self._lock:
            for ticket in tickets:
                if ticket.stage is Stage.GIVEN_UP:
                    given_up.append(ticket)
                else:
                    ticket.stage = Stage.PARKED
                    self._parked.append(ticket)
                    self._count += 1
        return given_up

    def withdraw(self, ticket: Ticket) -> Stage:
        """Give a ticket up; return what it is now."""
        with self._lock:
            if ticket.stage in _WAITS:
                ticket.stage = Stage.WITHDRAWN
                self._count -= 1
            elif ticket.stage is Stage.HANDED_OVER:
                ticket.stage = Stage.GIVEN_UP
            return ticket.stage

    def purge(self) -> None:
        """Drop what was withdrawn, while nothing can be taken."""
        with self._lock:
            self._line = deque(each for each in self._line if each.stage is Stage.WAITING)
            self._parked = [each for each in self._parked if each.stage is Stage.PARKED]

    def owe_voids(self, record_ids: Iterable[str]) -> None:
        """Have records taken back, where they stand."""
        with self._lock:
            self._voids.update(record_ids)
        self.bell.set()

    def owe_release(self, asked: Asked) -> None:
        """Have a unit given back."""
        with self._lock:
            self._releases[asked.id] = asked
        self.bell.set()

    def owed(self) -> tuple[frozenset[str], list[Asked]]:
        """Return what is owed now."""
        if not self.owes:
            return frozenset(), []
        with self._lock:
            return frozenset(self._voids), list(self._releases.values())

    def paid(self, voids: frozenset[str], releases: list[Asked]) -> None:
        """Drop what was owed."""
        with self._lock:
            self._voids -= voids
            for asked in releases:
                self._releases.pop(asked.id, None)
