"""Where an account is told of its limits, and what was told."""

from dataclasses import dataclass
from typing import Annotated, Final

from msgspec import Meta, Struct

from plg.application.notices.list_notices import ListNotices
from plg.container.notifications import Notifications
from plg.domain.errors import NotFound, SealBroken
from plg.domain.identity.access import Access
from plg.domain.identity.access import Scope as Permission
from plg.domain.limits.rates import LimitTier
from plg.domain.notices.webhooks import URL_LENGTH_MAX
from plg.entrypoints.http.api.notices.notice_views import (
    NEW_WEBHOOK_EXAMPLE,
    NOTICE_EXAMPLE,
    TEST_EXAMPLE,
    URL_EXAMPLE,
    WEBHOOK_EXAMPLE,
    NewWebhookView,
    NoticeView,
    WebhookTestView,
    WebhookView,
    new_webhook_view,
    notice_view,
    test_view,
    webhook_view,
)
from plg.entrypoints.http.api.plans.plans import TAG
from plg.entrypoints.http.arguments import Ask
from plg.entrypoints.http.queries import ListQuery, text_parameter
from plg.entrypoints.http.routes import Page, Routes

READING: Final = Access(Permission.BILLING_READ)
LISTING: Final = Access(Permission.BILLING_READ, LimitTier.CONTENT_LISTING)
WRITING: Final = Access(Permission.BILLING_WRITE, LimitTier.DATA_MODIFICATION)

Url = Annotated[str, Meta(extra_json_schema={"format": "uri", "maxLength": URL_LENGTH_MAX})]

webhook = Routes("/api/v1/billing/webhook", WRITING, tag=TAG, fails=(NotFound,))
notices = Routes("/api/v1/billing/notices", LISTING, tag=TAG, fails=(NotFound,))


class WebhookBody(Struct, frozen=True, forbid_unknown_fields=True):
    """Where to call."""

    url: Url


class NoticesQuery(ListQuery, frozen=True, kw_only=True):
    """Whose notices are asked for."""

    account: Annotated[
        str | None,
        text_parameter("For admins: an account's id or e-mail address, or `all`.", "all"),
    ] = None


@dataclass(frozen=True, slots=True)
class WebhooksApi:
    """Shows, sets and tries an account's webhook, and lists what was told."""

    webhooks: Notifications
    list_notices: ListNotices

    @webhook.get(access=READING, example=WEBHOOK_EXAMPLE)
    async def show(self, ask: Ask) -> WebhookView:
        """
        Show where the account is told.

        The webhook of the caller's account, and whether the last call failed.
        """
        return webhook_view(await self.webhooks.show_webhook(ask.caller))

    @webhook.put(example=NEW_WEBHOOK_EXAMPLE, body_example={"url": URL_EXAMPLE})
    async def set(self, ask: Ask, body: WebhookBody) -> NewWebhookView:
        """
        Have the account told by webhook.

        The answer has the secret that calls are signed with, this once. With the address that it
        has the webhook stays as it is; with another it has another secret.
        """
        return new_webhook_view(await self.webhooks.set_webhook(body.url, ask.caller, ask.actor))

    @webhook.delete()
    async def remove(self, ask: Ask) -> None:
        """
        Remove the webhook.

        Notices by mail continue.
        """
        await self.webhooks.remove_webhook(ask.caller, ask.actor)

    @webhook.post("/rotate", example=NEW_WEBHOOK_EXAMPLE)
    async def rotate(self, ask: Ask) -> NewWebhookView:
        """
        Give the webhook a new secret.

        The secret before it signs too for a day: each call then has two signatures.
        """
        return new_webhook_view(await self.webhooks.rotate_webhook_secret(ask.caller, ask.actor))

    @webhook.post("/test", fails=(SealBroken,), example=TEST_EXAMPLE)
    async def try_(self, ask: Ask) -> WebhookTestView:
        """
        Try the webhook.

        Sends a `webhook.test`, once, and tells what came of it.
        """
        return test_view(await self.webhooks.try_webhook(ask.caller))

    @notices.get(example=NOTICE_EXAMPLE)
    async def list(self, ask: Ask, query: NoticesQuery) -> Page[NoticeView]:
        """
        List what was told of limits.

        Thresholds that were reached, the newest first, and how far the telling is.
        """
        found = await self.list_notices(
            ask.caller, query.account, before=query.cursor, limit=query.one_more
        )
        return Page.of(found, query, notice_view, lambda notice: notice.id)
