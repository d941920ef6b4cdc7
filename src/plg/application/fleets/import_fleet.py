"""Import the vehicles of a fleet."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final

from plg.application.fleets.short_changes import AT_ONCE, ShortChanges
from plg.application.ports.fleets.fleets import FleetClaim
from plg.application.ports.work import Work
from plg.domain.audit import Action, Actor
from plg.domain.errors import Conflict
from plg.domain.fleets.fleets import Fleet, Staged
from plg.domain.ids import new_id
from plg.domain.records.vehicles import Vin

TOLD_MAX: Final = 100
"""Accounts whose change is told one by one; of more, everybody's is."""


@dataclass(frozen=True, slots=True)
class FleetImport:
    """
    What an import is to do.

    Attributes:
        name: None where it stays, at first the code.
        replaces: Whether vehicles that it does not name leave the fleet.
    """

    code: str
    name: str | None = None
    replaces: bool = False


@dataclass(frozen=True, slots=True)
class ImportedFleet:
    """A fleet as it is after an import, and what that has changed."""

    fleet: Fleet
    added: int
    already: int
    removed: int


@dataclass(frozen=True, slots=True)
class ImportFleet:
    """
    Writes vehicles down in many short transactions; the last one makes them the fleet's.

    An import that is broken off changes nothing: what it has left is dropped by the next one.
    """

    changes: ShortChanges

    async def __call__(
        self,
        order: FleetImport,
        vins: Iterable[Vin],
        actor: Actor,
        tell: Callable[[int], object] = lambda _: None,
    ) -> ImportedFleet:
        """
        Return what has become of the fleet; `tell` hears how many VINs are written down by then.

        Raises:
            Conflict: If another import of the fleet has begun since, or it was removed.
        """
        async with self.changes(actor) as change:
            claim = await change.work.fleets.claim(order.code, new_id(change.now))
        await self.changes.sweep(claim, actor)
        staged, done = Staged(), 0
        for batch in _batches(iter(vins)):
            staged += await self._stage(claim, batch, actor)
            done += len(batch)
            tell(done)
        imported = await self._finish(order, claim, staged, actor)
        await self.changes.sweep(claim, actor)
        return imported

    async def _stage(self, claim: FleetClaim, vins: list[Vin], actor: Actor) -> Staged:
        async with self.changes(actor) as change:
            staged = await change.work.fleets.stage(claim, vins)
        if staged is None:
            raise _lost()
        return staged

    async def _finish(
        self, order: FleetImport, claim: FleetClaim, staged: Staged, actor: Actor
    ) -> ImportedFleet:
        async with self.changes(actor) as change:
            work, now = change.work, change.now
            before = await work.fleets.claimed(claim)
            if before is None:
                raise _lost()
            fleet = before.after(staged, now, replaces=order.replaces)
            fleet = replace(fleet, name=order.name or before.name)
            removed = before.removed_by(staged, replaces=order.replaces)
            imported = ImportedFleet(fleet, staged.added, staged.already, removed)
            await work.fleets.finish(claim, fleet, replaces=order.replaces)
            target, details = f"fleet:{fleet.code}", _details(imported)
            await change.record(Action.FLEET_IMPORTED, target, details)
            for account_id in await _concerned(work, order.code) if removed else ():
                await change.outdate(account_id)
        return imported


async def _concerned(work: Work, code: str) -> list[str | None]:
    """Return whose vehicles may have become fewer: only those that they have are remembered."""
    account_ids = await work.fleets.accounts(code, limit=TOLD_MAX + 1)
    if len(account_ids) > TOLD_MAX:
        return [None]
    return [*account_ids]


def _details(imported: ImportedFleet) -> dict[str, str]:
    return {
        "added": str(imported.added),
        "already": str(imported.already),
        "removed": str(imported.removed),
        "vehicles": str(imported.fleet.vehicles),
    }


def _batches(vins: Iterator[Vin]) -> Iterator[list[Vin]]:
    while batch := list(islice(vins, AT_ONCE)):
        yield batch


def _lost() -> Conflict:
    return Conflict(
        "Another import of the fleet has begun, or it was removed: this import changed nothing. "
        "Begin it anew when the other one is done."
    )
