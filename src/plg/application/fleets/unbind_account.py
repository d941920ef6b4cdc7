"""Unbind an account from a fleet."""

from dataclasses import dataclass

from plg.application.audited_change import AuditedChange
from plg.application.fleets.bind_account import fleets_with
from plg.domain.audit import Action, Actor
from plg.domain.errors import NotFound


@dataclass(frozen=True, slots=True)
class UnbindAccount:
    """Takes a fleet from an account; one that has none left has no vehicle."""

    changes: AuditedChange

    async def __call__(self, account_id: str, code: str, actor: Actor) -> bool:
        """
        Unbind it, and tell whether it has another fleet.

        Raises:
            NotFound: If there is no such account or fleet, or it is not bound to it.
        """
        async with self.changes(actor) as change:
            fleets = await fleets_with(change, account_id, code)
            if not await fleets.unbind(account_id, code):
                raise NotFound(f"The account is not bound to the fleet {code}.")
            await change.record(Action.FLEET_UNBOUND, f"account:{account_id}", {"fleet": code})
            await change.outdate(account_id)
            return bool(await fleets.of_account(account_id, after=None, limit=1))
