"""Unbind an account from a fleet."""

from dataclasses import dataclass

from plg.application.fleets.changing_bindings import ChangeBindings
from plg.domain.audit import Action, Actor
from plg.domain.errors import NotFound


@dataclass(frozen=True, slots=True)
class UnbindAccount:
    """Takes a fleet from an account; one that has none left has no vehicle."""

    change: ChangeBindings

    async def __call__(self, account_id: str, code: str, actor: Actor) -> bool:
        """
        Unbind it, and tell whether it has another fleet.

        Raises:
            NotFound: If there is no such account or fleet, or it is not bound to it.
        """
        async with self.change(account_id, code, Action.FLEET_UNBOUND, actor) as change:
            change.is_made = await change.work.fleets.unbind(account_id, code)
            if not change.is_made:
                raise NotFound(f"The account is not bound to the fleet {code}.")
            left = await change.work.fleets.of_account(account_id, after=None, limit=1)
            return bool(left)
