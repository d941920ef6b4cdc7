"""Remove a fleet."""

from dataclasses import dataclass

from plg.application.fleets.short_changes import ShortChanges
from plg.domain.audit import Action, Actor
from plg.domain.errors import Conflict, NotFound


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
        async with self.changes(actor) as change:
            work = change.work
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
            await change.record(Action.FLEET_REMOVED, f"fleet:{code}", details)
            removed = await work.fleets.removed()
        for claim in removed:
            await self.changes.sweep(claim, actor)
