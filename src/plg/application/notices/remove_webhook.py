"""Tell an account by webhook no more."""

from dataclasses import dataclass

from plg.application.audited_change import AuditedChange
from plg.application.notices.own_webhook import webhook_of
from plg.domain.audit import Action, Actor
from plg.domain.identity.access import Caller


@dataclass(frozen=True, slots=True)
class RemoveWebhook:
    """Removes a webhook with its secrets."""

    changes: AuditedChange

    async def __call__(self, caller: Caller, actor: Actor) -> None:
        """
        Remove it.

        Raises:
            NotFound: If the account has no webhook.
        """
        async with self.changes(actor) as change:
            webhook = await webhook_of(change.work, caller)
            await change.work.webhooks.remove(webhook.account_id)
            await change.record(Action.WEBHOOK_REMOVED, f"account:{webhook.account_id}")
