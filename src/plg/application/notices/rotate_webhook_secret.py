"""Give a webhook a new secret."""

import secrets
from dataclasses import dataclass, replace

from plg.application.audited_change import AuditedChange
from plg.application.notices.own_webhook import webhook_of
from plg.application.notices.set_webhook import ShownWebhook
from plg.application.ports.identity.sealing import SealPort
from plg.domain.audit import Action, Actor
from plg.domain.errors import SealBroken
from plg.domain.identity.access import Caller
from plg.domain.notices.webhooks import GRACE_SECONDS, SECRET_BYTES, Webhook, secret_text


@dataclass(frozen=True, slots=True)
class RotateWebhookSecret:
    """Replaces a secret; the one before signs too for a day, so that no call is missed."""

    changes: AuditedChange
    seal: SealPort

    async def __call__(self, caller: Caller, actor: Actor) -> ShownWebhook:
        """
        Return the webhook with its new secret.

        Raises:
            NotFound: If the account has no webhook.
        """
        async with self.changes(actor) as change:
            webhook = await webhook_of(change.work, caller)
            now, secret = change.now, secrets.token_bytes(SECRET_BYTES)
            is_readable = self._is_readable(webhook)
            changed = replace(
                webhook,
                secret=self.seal.seal(secret, webhook.context),
                previous_secret=webhook.secret if is_readable else None,
                previous_until=now + GRACE_SECONDS if is_readable else None,
            )
            await change.work.webhooks.put(changed)
            await change.record(Action.WEBHOOK_ROTATED, f"account:{webhook.account_id}")
        return ShownWebhook(changed, secret_text(secret))

    def _is_readable(self, webhook: Webhook) -> bool:
        try:
            self.seal.open(webhook.secret, webhook.context)
        except SealBroken:
            return False
        return True
