"""Give a webhook a new secret."""

import secrets
from dataclasses import dataclass, replace

from plg.application.notices.own_webhook import note_change, webhook_of
from plg.application.notices.set_webhook import ShownWebhook
from plg.application.ports.clock import ClockPort
from plg.application.ports.identity.sealing import SealPort
from plg.application.ports.work import UnitOfWorkPort
from plg.domain.audit import Action, Actor
from plg.domain.errors import SealBroken
from plg.domain.identity.access import Caller
from plg.domain.notices.webhooks import GRACE_SECONDS, SECRET_BYTES, Webhook, secret_text


@dataclass(frozen=True, slots=True)
class RotateWebhookSecret:
    """Replaces a secret; the one before signs too for a day, so that no call is missed."""

    work: UnitOfWorkPort
    seal: SealPort
    clock: ClockPort

    async def __call__(self, caller: Caller, actor: Actor) -> ShownWebhook:
        """
        Return the webhook with its new secret.

        Raises:
            NotFound: If the account has no webhook.
        """
        async with self.work.change() as work:
            webhook = await webhook_of(work, caller)
            now, secret = self.clock.now(), secrets.token_bytes(SECRET_BYTES)
            is_readable = self._is_readable(webhook)
            changed = replace(
                webhook,
                secret=self.seal.seal(secret, webhook.context),
                previous_secret=webhook.secret if is_readable else None,
                previous_until=now + GRACE_SECONDS if is_readable else None,
            )
            await work.webhooks.put(changed)
            await note_change(work, webhook.account_id, Action.WEBHOOK_ROTATED, actor, now)
        return ShownWebhook(changed, secret_text(secret))

    def _is_readable(self, webhook: Webhook) -> bool:
        try:
            self.seal.open(webhook.secret, webhook.context)
        except SealBroken:
            return False
        return True
