"""Say where an account is told by webhook."""

import secrets
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from plg.application.audited_change import AuditedChange
from plg.application.notices.own_webhook import account_of
from plg.application.ports.identity.sealing import SealPort
from plg.application.ports.notices.webhooks import WebhookCallsPort
from plg.domain.audit import Action, Actor
from plg.domain.identity.access import Caller
from plg.domain.notices.webhooks import SECRET_BYTES, Webhook, context_of, secret_text


@dataclass(frozen=True, slots=True)
class ShownWebhook:
    """
    A webhook as its owner sees it.

    Attributes:
        secret: Its new secret, this once; None where it keeps the one that it has.
    """

    webhook: Webhook
    secret: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class SetWebhook:
    """Gives the caller's account a webhook; another address gets another secret."""

    changes: AuditedChange
    calls: WebhookCallsPort
    seal: SealPort

    async def __call__(self, url: str, caller: Caller, actor: Actor) -> ShownWebhook:
        """
        Set the address; with the one that it has, nothing changes.

        Raises:
            InvalidParameter: If the address would never be called.
            NotFound: If the caller has no account.
        """
        self.calls.check(url)
        async with self.changes(actor) as change:
            work = change.work
            account_id = await account_of(work, caller)
            known = await work.webhooks.get(account_id)
            if known is not None and known.url == url:
                return ShownWebhook(known)
            now, secret = change.now, secrets.token_bytes(SECRET_BYTES)
            sealed = self.seal.seal(secret, context_of(account_id))
            webhook = Webhook(account_id, url, sealed, now)
            await work.webhooks.put(webhook)
            details = {"host": urlsplit(url).hostname or ""}
            await change.record(Action.WEBHOOK_SET, f"account:{account_id}", details)
        return ShownWebhook(webhook, secret_text(secret))
