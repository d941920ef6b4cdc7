"""Tell an account by webhook no more."""

from dataclasses import dataclass

from plg.application.notices.own_webhook import note_change, webhook_of
from plg.application.ports.clock import ClockPort
from plg.application.ports.work import UnitOfWorkPort
from plg.domain.audit import Action, Actor
from plg.domain.identity.access import Caller


@dataclass(frozen=True, slots=True)
class RemoveWebhook:
    """Removes a webhook with its secrets."""

    work: UnitOfWorkPort
    clock: ClockPort

    async def __call__(self, caller: Caller, actor: Actor) -> None:
        """
        Remove it.

        Raises:
            NotFound: If the account has no webhook.
        """
        async with self.work.change() as work:
            webhook = await webhook_of(work, caller)
            await work.webhooks.remove(webhook.account_id)
            now = self.clock.now()
            await note_change(work, webhook.account_id, Action.WEBHOOK_REMOVED, actor, now)
