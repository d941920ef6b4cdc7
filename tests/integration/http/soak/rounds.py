"""Rounds: a gateway starts, serves under load, meets trouble, and is killed."""

import asyncio
import random
from collections import Counter
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, Self

from tests.integration.http.soak.books import Books
from tests.integration.http.soak.clients import Clients, Wishes
from tests.integration.http.soak.installation import Holder, Installation, Server
from tests.integration.http.soak.journal import Journal, Loss

TROUBLED_SECONDS: Final = (0.3, 3.5)


class Trouble(StrEnum):
    """What happens to the database under load."""

    NONE = "none"
    LOCKED = "locked"
    FULL = "full"


class Ending(StrEnum):
    """How the gateway ends."""

    KILL = "killed"
    KILL_TWICE = "killed, and again while it starts"
    STOP = "stopped"


@dataclass(frozen=True, slots=True)
class Round:
    """What is about to happen; the gateway ends in the middle of the trouble or after it."""

    trouble: Trouble = Trouble.NONE
    ending: Ending = Ending.KILL
    ends_amid: bool = False
    lane: str = "on"
    workers: int = 1

    @property
    def description(self) -> str:
        trouble = "" if self.trouble is Trouble.NONE else f"{self.trouble} database, "
        when = "amid that " if trouble and self.ends_amid else ""
        return f"{trouble}{when}{self.ending}; lane {self.lane}, workers {self.workers}"

    @classmethod
    def drawn(cls, chance: random.Random) -> Self:
        return cls(
            chance.choices([*Trouble], (6, 1, 1))[0],
            chance.choices([*Ending], (8, 1, 1))[0],
            chance.random() < 0.5,
            chance.choices(("on", "off"), (3, 1))[0],
            chance.choices((1, 2), (4, 1))[0],
        )


@dataclass(slots=True)
class Soak:
    """All rounds, on one data folder, with one journal."""

    installation: Installation
    holders: dict[str, Holder]
    chance: random.Random
    journal: Journal
    books: Books
    wishes: Wishes
    connections: int = 24
    busy_seconds: tuple[float, float] = (0.05, 1.2)
    endings: Counter[str] = field(default_factory=Counter)

    @classmethod
    def of(cls, installation: Installation, seed: int, requests: int, vins: int) -> Self:
        """Make one account without limits, and one with a quota."""
        holders = {
            "free": installation.holder("free"),
            "limited": installation.holder("limited", requests, vins),
        }
        journal = Journal(installation.folder.with_suffix(".journal"))
        chance = random.Random(seed)
        return cls(
            installation,
            holders,
            chance,
            journal,
            Books(installation, journal, holders),
            Wishes(chance),
        )

    async def run(self, planned: Round) -> None:
        """Start, serve, end; then hold the journal against the books."""
        server = await self._started(planned)
        clients = Clients(server.port, self.holders, self.journal, self.wishes)
        try:
            going = asyncio.create_task(clients.run(self.connections))
            await self._serve(planned, server, clients)
            await going
        finally:
            server.close()
        if planned.ending is Ending.KILL_TWICE:
            await self._killed_at_start(planned)
        self.endings[planned.ending] += 1
        self.books.follow()

    async def finish(self) -> None:
        """Use up the quota, stop in peace, and hold all against the books once more."""
        server = await self._started(Round())
        limited = self.holders["limited"]
        clients = Clients(server.port, self.holders, self.journal, self.wishes)
        try:
            await clients.exhaust("limited", 8)
            server.stop()
        finally:
            server.close()
        self.books.follow()
        self.books.settle()
        used = self.books.used_today(limited)
        if used != limited.requests_per_day:
            self.books.faults.append(f"{used} of {limited.requests_per_day} could be used")
        self.books.faults += self.installation.verify()

    async def _started(self, planned: Round) -> Server:
        server = self.installation.start(FAST_LANE=planned.lane, API_WORKERS=str(planned.workers))
        try:
            await asyncio.to_thread(server.wait)
        except BaseException:
            server.close()
            raise
        return server

    async def _serve(self, planned: Round, server: Server, clients: Clients) -> None:
        await self._pause(self.busy_seconds)
        with self._trouble(planned.trouble, server):
            if planned.trouble is not Trouble.NONE:
                await self._pause(TROUBLED_SECONDS)
            if planned.ends_amid:
                await self._end(planned, server, clients)
        if not planned.ends_amid:
            await self._pause(self.busy_seconds)
            await self._end(planned, server, clients)

    async def _end(self, planned: Round, server: Server, clients: Clients) -> None:
        if planned.ending is Ending.STOP:
            clients.ending = Loss.STOPPED
            await asyncio.to_thread(server.stop)
        else:
            clients.ending = Loss.KILLED
            server.kill()
        clients.is_over = True

    async def _killed_at_start(self, planned: Round) -> None:
        server = self.installation.start(FAST_LANE=planned.lane)
        await self._pause((0.3, 1.5))
        server.kill()

    def _trouble(self, trouble: Trouble, server: Server) -> AbstractContextManager[None]:
        match trouble:
            case Trouble.LOCKED:
                return self.installation.locked()
            case Trouble.FULL:
                return self.installation.without_space(server)
            case Trouble.NONE:
                return nullcontext()

    async def _pause(self, bounds: tuple[float, float]) -> None:
        await asyncio.sleep(self.chance.uniform(*bounds))
