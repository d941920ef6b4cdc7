"""Bind an account to a fleet."""

from dataclasses import dataclass

from plg.application.fleets.changing_bindings import ChangeBindings
from plg.domain.audit import Action, Actor
from plg.domain.errors import TooManyHeld
from plg.domain.fleets.fleets import BOUND_MAX


@dataclass(frozen=True, slots=True)
class BindAccount:
    """Lets an account ask for a fleet's vehicles, and for none that are in none of its fleets."""

    change: ChangeBindings

    async def __call__(self, account_id: str, code: str, actor: Actor) -> None:
        """
        Bind it, or leave it bound.

        Raises:
            NotFound: If there is no such account, or no such fleet.
            TooManyHeld: If it is bound to as many as it may be.
        """
        async with self.change(account_id, code, Action.FLEET_BOUND, actor) as change:
            fleets = change.work.fleets
            change.is_made = await fleets.bind(account_id, code)
            held = await fleets.of_account(account_id, after=None, limit=BOUND_MAX + 1)
            if change.is_made and len(held) > BOUND_MAX:
                raise TooManyHeld(f"The account is bound to {BOUND_MAX} fleets already.")
