"""Let an account have every vehicle."""

from dataclasses import dataclass

from plg.application.fleets.changing_bindings import ChangeBindings
from plg.domain.audit import Action, Actor
from plg.domain.errors import Conflict


@dataclass(frozen=True, slots=True)
class OpenAccount:
    """Lets an account that has no fleet any more ask for every vehicle again."""

    change: ChangeBindings

    async def __call__(self, account_id: str, actor: Actor) -> None:
        """
        Open it, or leave it open.

        Raises:
            NotFound: If there is no such account.
            Conflict: If it is bound to a fleet.
        """
        async with self.change(account_id, None, Action.FLEETS_OPENED, actor) as change:
            fleets = change.work.fleets
            held = await fleets.of_account(account_id, after=None, limit=1)
            if held:
                raise Conflict(
                    f"The account is bound to the fleet {held[0].code}: unbind it from its fleets "
                    "first."
                )
            change.is_made = await fleets.open(account_id)
