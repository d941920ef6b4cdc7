"""Let an account have every vehicle."""

from dataclasses import dataclass

from plg.application.audited_change import AuditedChange
from plg.domain.audit import Action, Actor
from plg.domain.errors import Conflict


@dataclass(frozen=True, slots=True)
class OpenAccount:
    """Lets an account that has no fleet any more ask for every vehicle again."""

    changes: AuditedChange

    async def __call__(self, account_id: str, actor: Actor) -> None:
        """
        Open it, or leave it open.

        Raises:
            NotFound: If there is no such account.
            Conflict: If it is bound to a fleet.
        """
        async with self.changes(actor) as change:
            await change.account(account_id)
            fleets = change.work.fleets
            held = await fleets.of_account(account_id, after=None, limit=1)
            if held:
                raise Conflict(
                    f"The account is bound to the fleet {held[0].code}: unbind it from its fleets "
                    "first."
                )
            if await fleets.open(account_id):
                await change.record(Action.FLEETS_OPENED, f"account:{account_id}")
                await change.outdate(account_id)
