"""Show where an account is told by webhook."""

from dataclasses import dataclass

from plg.application.notices.own_webhook import webhook_of
from plg.application.ports.work import UnitOfWorkPort
from plg.domain.identity.access import Caller
from plg.domain.notices.webhooks import Webhook


@dataclass(frozen=True, slots=True)
class ShowWebhook:
    """Shows a webhook, and whether the last call failed; never its secrets."""

    work: UnitOfWorkPort

    async def __call__(self, caller: Caller) -> Webhook:
        """
        Return the webhook of the caller's account.

        Raises:
            NotFound: If it has none.
        """
        async with self.work.look() as work:
            return await webhook_of(work, caller)
