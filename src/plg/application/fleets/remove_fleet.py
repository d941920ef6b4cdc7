"""Remove a fleet."""

from dataclasses import dataclass

from plg.application.fleets.short_changes import ShortChanges
from plg.domain.audit import Action, Actor, AuditRecord
from plg.domain.errors import Conflict, NotFound
from plg.domain.ids import new_id


@dataclass(frozen=True, slots=True)
class RemoveFleet:
    """
    Removes a fleet that nobody is bound to, with its vehicles.

    With its only fleet an account would lose all its vehicles: it is to be unbound first.
    """

    changes: ShortChanges

    async def __call__(self, code: str, actor: Actor) -> None:
        """
        Remove it, and what is left of fleets whose removal was broken off.

        Raises:
            NotFound: If there is no such fleet.
            Conflict: If an account is bound to it.
        """
        now = self.changes.clock.now()
        async with self.changes() as work:
            fleet = await work.fleets.get(code)
            if fleet is None:
                raise NotFound(f"There is no fleet {code}.")
            if await work.fleets.accounts(code, limit=1):
                raise Conflict(
                    f"Accounts are bound to the fleet {code}, and one that has no fleet left has "
                    "no vehicle: unbind them first."
                )
            await work.fleets.remove(code)
            details = {"vehicles": str(fleet.vehicles)}
            target = f"fleet:{code}"
            await work.audit.record(
                AuditRecord(new_id(now), now, actor, Action.FLEET_REMOVED, target, details)
            )
            removed = await work.fleets.removed()
        for claim in removed:
            await self.changes.sweep(claim)
