"""Say where an account is told by webhook."""

import secrets
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from plg.application.notices.own_webhook import account_of, note_change
from plg.application.ports.clock import ClockPort
from plg.application.ports.identity.sealing import SealPort
from plg.application.ports.notices.webhooks import WebhookCallsPort
from plg.application.ports.work import UnitOfWorkPort
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

    work: UnitOfWorkPort
    calls: WebhookCallsPort
    seal: SealPort
    clock: ClockPort

    async def __call__(self, url: str, caller: Caller, actor: Actor) -> ShownWebhook:
        """
        Set the address; with the one that it has, nothing changes.

        Raises:
            InvalidParameter: If the address would never be called.
            NotFound: If the caller has no account.
        """
        self.calls.check(url)
        async with self.work.change() as work:
            account_id = await account_of(work, caller)
            known = await work.webhooks.get(account_id)
            if known is not None and known.url == url:
                return ShownWebhook(known)
            now, secret = self.clock.now(), secrets.token_bytes(SECRET_BYTES)
            sealed = self.seal.seal(secret, context_of(account_id))
            webhook = Webhook(account_id, url, sealed, now)
            await work.webhooks.put(webhook)
            details = {"host": urlsplit(url).hostname or ""}
            await note_change(work, account_id, Action.WEBHOOK_SET, actor, now, details)
        return ShownWebhook(webhook, secret_text(secret))
