"""Two accounts, and fleets that they may be bound to."""

from collections.abc import Awaitable, Callable, Iterable

from plg.application.audited_change import AuditedChange
from plg.application.fleets.bind_account import BindAccount
from plg.application.fleets.import_fleet import FleetImport, ImportedFleet, ImportFleet
from plg.application.fleets.list_fleets import ListFleets
from plg.application.fleets.open_account import OpenAccount
from plg.application.fleets.remove_fleet import RemoveFleet
from plg.application.fleets.short_changes import ShortChanges
from plg.application.fleets.show_fleet import ShowFleet
from plg.application.fleets.unbind_account import UnbindAccount
from plg.domain.audit import Actor
from plg.domain.records.vehicles import Vin
from tests.fakes.clock import StoppedClock
from tests.fakes.remembered import NotedForgetting
from tests.fakes.work import MemoryWork
from tests.unit.keys.world import account_of

ACTOR = Actor("account:root", "root", "192.0.2.1", "r-1")


def vins(first: int, count: int) -> list[Vin]:
    return [Vin(f"WVWZZZE1Z{number:08}") for number in range(first, first + count)]


class World:
    """`between` runs in each pause of a long piece of work; `pauses` has how long they were."""

    def __init__(self) -> None:
        self.work, self.clock = MemoryWork(), StoppedClock()
        self.remembered = NotedForgetting()
        self.pauses: list[float] = []
        self.between: Callable[[], Awaitable[object]] | None = None
        for name in ("ana", "ben"):
            self.work.tables.accounts[name] = account_of(name)
        changes = AuditedChange(self.work, self.remembered, self.clock)
        short = ShortChanges(changes, self._sleep)
        self.importing = ImportFleet(short)
        self.remove = RemoveFleet(short)
        self.list = ListFleets(self.work)
        self.show = ShowFleet(self.work)
        self.bind = BindAccount(changes)
        self.unbind = UnbindAccount(changes)
        self.open = OpenAccount(changes)

    async def imported(
        self, named: Iterable[Vin], code: str = "north", *, replaces: bool = False
    ) -> ImportedFleet:
        return await self.importing(FleetImport(code, replaces=replaces), named, ACTOR)

    async def had(self, account_id: str, named: Iterable[Vin]) -> list[Vin]:
        async with self.work.look() as work:
            return [vin for vin in named if await work.fleets.has(account_id, vin)]

    async def _sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        act, self.between = self.between, None
        if act is not None:
            await act()
