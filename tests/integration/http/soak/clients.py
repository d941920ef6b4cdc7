"""Clients that ask for what is at hand and what is not, one by one and many at once."""

import asyncio
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Final

from tests.integration.http.soak.installation import Holder
from tests.integration.http.soak.journal import OK, Journal, Loss, Request
from tests.integration.http.wire import Peer, request

HOT: Final = 10
PIPELINED_MAX: Final = 6
_LEAVING: Final = 0.002
_KINDS: Final = {"hit": 60, "miss": 10, "vehicle": 10, "keyed": 10, "again": 10}


@dataclass(slots=True)
class Wishes:
    """Says what is asked for next; the same seed, the same wishes."""

    random: random.Random
    numbers: Iterator[int] = field(default_factory=lambda: count(1))
    keyed: dict[str, list[Request]] = field(default_factory=dict)

    def batch(self, holder: str) -> list[Request]:
        """Return what one connection asks at once."""
        size = self.random.choice((1, 1, 1, 2, PIPELINED_MAX))
        return [self.next(holder) for _ in range(size)]

    def next(self, holder: str, kind: str | None = None) -> Request:
        """Return another request."""
        number = next(self.numbers)
        known = self.keyed.setdefault(holder, [])
        kind = kind or self.random.choices([*_KINDS], [*_KINDS.values()])[0]
        if kind == "again" and known:  # most of all what was not answered
            unanswered = [each for each in known[-200:] if each.status != OK]
            first = self.random.choice(unanswered or known[-50:])
            return Request(f"r{number}", holder, first.target, first.idempotency_key)
        target = self._target(kind, number)
        key = f"k{number}" if kind == "keyed" else None
        wish = Request(f"r{number}", holder, target, key)
        if key is not None:
            known.append(wish)
        return wish

    def _target(self, kind: str, number: int) -> str:
        if kind == "vehicle":
            return f"/api/v1/vehicle/static/WBA{self.random.randint(1, 3 * HOT):013}7"
        is_new = kind == "miss" or (kind == "keyed" and self.random.random() < 0.3)
        player = number + 1000 if is_new else self.random.randint(1, HOT)
        return f"/api/v1/players/KB-{player:06}"


@dataclass(slots=True)
class Clients:
    """
    Connections that go on until the server is gone, or they are told to end.

    Attributes:
        ending: Why requests may remain without an answer from now on; None while none may.
    """

    port: int
    holders: dict[str, Holder]
    journal: Journal
    wishes: Wishes
    ending: Loss | None = None
    is_over: bool = False

    async def run(self, connections: int) -> None:
        """Ask; every third connection is the second holder's."""
        names = [*self.holders]
        turns = (names[int(number % 3 == 0) % len(names)] for number in range(connections))
        await asyncio.gather(*(self._connection(name) for name in turns))

    async def exhaust(self, name: str, batch: int) -> int:
        """Ask for what is at hand until one is refused; return how many were not."""
        peer = await Peer.connect(self.port)
        got = 0
        while True:
            statuses = await self._ask(peer, [self.wishes.next(name, "hit") for _ in range(batch)])
            got += statuses.count(OK)
            if statuses.count(OK) < batch:
                peer.vanish()
                return got

    async def _connection(self, name: str) -> None:
        while not self.is_over:
            try:
                peer = await Peer.connect(self.port)
            except OSError:
                if self.ending is None:
                    self.journal.surprises.append("a connection was refused")
                return
            await self._converse(peer, name)

    async def _converse(self, peer: Peer, name: str) -> None:
        while not self.is_over:
            batch = self.wishes.batch(name)
            if self.wishes.random.random() < _LEAVING:
                await self._leave(peer, batch)
                return
            if len(await self._ask(peer, batch)) < len(batch):
                break
        peer.vanish()

    async def _ask(self, peer: Peer, batch: list[Request]) -> list[int]:
        """Send all at once; return the statuses of the complete answers."""
        self.journal.sent(batch)
        statuses: list[int] = []
        try:
            await peer.send(b"".join(self._wire(each) for each in batch))
            for each in batch:
                answer = await peer.answer()
                told = (answer.field(b"x-request-id") or b"").decode()
                self.journal.answered(each, told, answer.status)
                statuses.append(answer.status)
        except TimeoutError:
            self.journal.surprises.append(f"{batch[len(statuses)].id} hangs")
        except (OSError, EOFError):
            pass
        self.journal.lost(batch[len(statuses) :], self.ending)
        return statuses

    async def _leave(self, peer: Peer, batch: list[Request]) -> None:
        self.journal.sent(batch)
        peer.writer.write(b"".join(self._wire(each) for each in batch))
        await asyncio.sleep(self.wishes.random.choice((0, 0.001, 0.01)))
        peer.vanish()
        self.journal.lost(batch, Loss.LEFT)

    def _wire(self, wish: Request) -> bytes:
        fields = [f"X-Request-ID: {wish.id}"]
        if wish.idempotency_key is not None:
            fields.append(f"Idempotency-Key: {wish.idempotency_key}")
        return request(wish.target, *fields, key=self.holders[wish.holder].key)
