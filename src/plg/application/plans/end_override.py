"""End terms that an account has of its own."""

from dataclasses import dataclass

from plg.application.audited_change import AuditedChange
from plg.domain.audit import Action, Actor
from plg.domain.errors import NotFound


@dataclass(frozen=True, slots=True)
class EndOverride:
    """Ends an override now; one that has not begun will not."""

    changes: AuditedChange

    async def __call__(self, account_id: str, override_id: str, actor: Actor) -> None:
        """
        End it.

        Raises:
            NotFound: If the account has no such override that has not ended.
        """
        async with self.changes(actor) as change:
            await change.account(account_id)
            plans = change.work.plans
            if not await plans.end_override(account_id, override_id, change.now):
                raise NotFound("The account has no override with this id that has not ended.")
            details = {"override": override_id}
            await change.record(Action.OVERRIDE_ENDED, f"account:{account_id}", details)
            await change.outdate(account_id)
