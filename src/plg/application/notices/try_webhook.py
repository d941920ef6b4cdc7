"""Call an account's webhook to see whether it works."""

from dataclasses import dataclass

from plg.application.notices.own_webhook import webhook_of
from plg.application.ports.clock import ClockPort
from plg.application.ports.identity.sealing import SealPort
from plg.application.ports.notices.webhooks import WebhookCallsPort
from plg.application.ports.work import UnitOfWorkPort
from plg.domain.identity.access import Caller
from plg.domain.ids import new_id
from plg.domain.notices.deliveries import Attempt
from plg.domain.notices.notices import TEST, Event


@dataclass(frozen=True, slots=True)
class TryWebhook:
    """Sends an event that tells of nothing, once, signed as all others are."""

    work: UnitOfWorkPort
    calls: WebhookCallsPort
    seal: SealPort
    clock: ClockPort

    async def __call__(self, caller: Caller) -> Attempt:
        """
        Return what came of it.

        Raises:
            NotFound: If the account has no webhook.
            SealBroken: If its secret cannot be read.
        """
        async with self.work.look() as work:
            webhook = await webhook_of(work, caller)
        now = self.clock.now()
        secrets = [self.seal.open(each, webhook.context) for each in webhook.sealed_secrets(now)]
        event = Event(new_id(now), TEST, now, {"account_id": webhook.account_id})
        return await self.calls.call(webhook.url, secrets, event)
