"""Bind an account to a fleet."""

from dataclasses import dataclass

from plg.application.audited_change import AuditedChange, Change
from plg.application.ports.fleets.fleets import FleetsPort
from plg.domain.audit import Action, Actor
from plg.domain.errors import NotFound, TooManyHeld
from plg.domain.fleets.fleets import BOUND_MAX


@dataclass(frozen=True, slots=True)
class BindAccount:
    """Lets an account ask for a fleet's vehicles, and for none that are in none of its fleets."""

    changes: AuditedChange

    async def __call__(self, account_id: str, code: str, actor: Actor) -> None:
        """
        Bind it, or leave it bound.

        Raises:
            NotFound: If there is no such account, or no such fleet.
            TooManyHeld: If it is bound to as many as it may be.
        """
        async with self.changes(actor) as change:
            fleets = await fleets_with(change, account_id, code)
            if not await fleets.bind(account_id, code):
                return
            held = await fleets.of_account(account_id, after=None, limit=BOUND_MAX + 1)
            if len(held) > BOUND_MAX:
                raise TooManyHeld(f"The account is bound to {BOUND_MAX} fleets already.")
            await change.record(Action.FLEET_BOUND, f"account:{account_id}", {"fleet": code})
            await change.outdate(account_id)


async def fleets_with(change: Change, account_id: str, code: str) -> FleetsPort:
    """
    Return all fleets, once account and fleet are held until the end of the change.

    Raises:
        NotFound: If one of them does not exist.
    """
    await change.account(account_id)
    if await change.work.fleets.get(code) is None:
        raise NotFound("There is no fleet with this code.")
    return change.work.fleets
