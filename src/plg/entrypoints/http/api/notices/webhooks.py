"""Where an account is told by webhook, and what it was told."""

from dataclasses import dataclass, replace
from typing import Annotated, Final

from msgspec import Meta, Struct
from starlette.types import Scope

from plg.application.notices.list_notices import ListNotices
from plg.application.notices.remove_webhook import RemoveWebhook
from plg.application.notices.rotate_webhook_secret import RotateWebhookSecret
from plg.application.notices.set_webhook import SetWebhook
from plg.application.notices.show_webhook import ShowWebhook
from plg.application.notices.try_webhook import TryWebhook
from plg.domain.identity.access import Access, Caller
from plg.domain.identity.access import Scope as Permission
from plg.domain.limits.rates import LimitTier
from plg.domain.notices.webhooks import URL_LENGTH_MAX
from plg.entrypoints.http.api.ledger.billing_queries import ACCOUNT_OR_ALL, account_of
from plg.entrypoints.http.api.list_parameters import LIST_PARAMETERS
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
from plg.entrypoints.http.endpoints import Endpoint, Operation
from plg.entrypoints.http.gate.gate import Gate, Guarded, actor_of
from plg.entrypoints.http.protocol.answers import Answer, empty, json_answer
from plg.entrypoints.http.protocol.bodies import body_of
from plg.entrypoints.http.protocol.exchange import Exchange
from plg.entrypoints.http.protocol.listing import Page, page_answer, page_of

PATH: Final = "/api/v1/billing/webhook"
ROTATE_PATH: Final = "/api/v1/billing/webhook/rotate"
TEST_PATH: Final = "/api/v1/billing/webhook/test"
NOTICES_PATH: Final = "/api/v1/billing/notices"
READING: Final = Access(Permission.BILLING_READ)
LISTING: Final = Access(Permission.BILLING_READ, LimitTier.CONTENT_LISTING)
WRITING: Final = Access(Permission.BILLING_WRITE, LimitTier.DATA_MODIFICATION)

Url = Annotated[str, Meta(extra_json_schema={"format": "uri", "maxLength": URL_LENGTH_MAX})]


class WebhookBody(Struct, frozen=True, forbid_unknown_fields=True):
    """Where to call."""

    url: Url


SHOW: Final = Operation(
    summary="Show where the account is told",
    description="The webhook of the caller's account, and whether the last call failed.",
    answer=WebhookView,
    example=WEBHOOK_EXAMPLE,
    problems=("not_found",),
    tag=TAG,
)
SET: Final = Operation(
    summary="Have the account told by webhook",
    description="The answer has the secret that calls are signed with, this once. With the address "
    "that it has the webhook stays as it is; with another it has another secret.",
    answer=NewWebhookView,
    example=NEW_WEBHOOK_EXAMPLE,
    body=WebhookBody,
    body_example={"url": URL_EXAMPLE},
    problems=("not_found",),
    tag=TAG,
)
ROTATE: Final = Operation(
    summary="Give the webhook a new secret",
    description="The secret before it signs too for a day: each call then has two signatures.",
    answer=NewWebhookView,
    example=NEW_WEBHOOK_EXAMPLE,
    problems=("not_found",),
    tag=TAG,
)
TRY: Final = Operation(
    summary="Try the webhook",
    description="Sends a `webhook.test`, once, and tells what came of it.",
    answer=WebhookTestView,
    example=TEST_EXAMPLE,
    problems=("not_found", "seal_broken"),
    tag=TAG,
)
REMOVE: Final = replace(
    SHOW,
    summary="Have the account told by webhook no more",
    description="Removes the webhook. Mail goes on.",
    answer=None,
    example=None,
    status=204,
)
NOTICES: Final = Operation(
    summary="List what was told of limits",
    description="Thresholds that were reached, the newest first, and how far the telling is.",
    answer=NoticeView,
    is_page=True,
    example={"items": [NOTICE_EXAMPLE], "next_cursor": None},
    parameters=(ACCOUNT_OR_ALL, *LIST_PARAMETERS),
    problems=("invalid_parameter", "not_found"),
    tag=TAG,
)


@dataclass(frozen=True, slots=True)
class WebhookUses:
    """What is done with webhooks and notices."""

    show: ShowWebhook
    set: SetWebhook
    rotate: RotateWebhookSecret
    remove: RemoveWebhook
    try_: TryWebhook
    list: ListNotices


@dataclass(frozen=True, slots=True)
class WebhooksApi:
    """Shows, sets and tries an account's webhook, and lists what was told."""

    gate: Gate
    uses: WebhookUses

    def endpoints(self) -> list[Endpoint]:
        """Return the routes."""
        gate = self.gate
        put = Guarded(gate, WRITING, _url, self.set, reads_body=True)
        rotate = Guarded(gate, WRITING, _nothing, self.rotate, reads_body=True)
        try_ = Guarded(gate, WRITING, _nothing, self.try_, reads_body=True)
        return [
            Endpoint(PATH, Guarded(gate, READING, _nothing, self.show), SHOW),
            Endpoint(PATH, put, SET, "PUT"),
            Endpoint(PATH, Guarded(gate, WRITING, _nothing, self.remove), REMOVE, "DELETE"),
            Endpoint(ROTATE_PATH, rotate, ROTATE, "POST"),
            Endpoint(TEST_PATH, try_, TRY, "POST"),
            Endpoint(NOTICES_PATH, Guarded(gate, LISTING, _notices, self.list), NOTICES),
        ]

    async def show(self, _: None, caller: Caller, _exchange: Exchange) -> Answer:
        """Answer the webhook."""
        return json_answer(webhook_view(await self.uses.show(caller)))

    async def set(self, url: str, caller: Caller, exchange: Exchange) -> Answer:
        """Set the webhook."""
        return json_answer(
            new_webhook_view(await self.uses.set(url, caller, actor_of(caller, exchange)))
        )

    async def rotate(self, _: None, caller: Caller, exchange: Exchange) -> Answer:
        """Give the webhook a new secret."""
        return json_answer(
            new_webhook_view(await self.uses.rotate(caller, actor_of(caller, exchange)))
        )

    async def remove(self, _: None, caller: Caller, exchange: Exchange) -> Answer:
        """Remove the webhook."""
        await self.uses.remove(caller, actor_of(caller, exchange))
        return empty()

    async def try_(self, _: None, caller: Caller, _exchange: Exchange) -> Answer:
        """Call the webhook."""
        return json_answer(test_view(await self.uses.try_(caller)))

    async def list(
        self, asked: tuple[Scope, Page, str | None], caller: Caller, _exchange: Exchange
    ) -> Answer:
        """Answer a page of notices."""
        scope, page, account_id = asked
        found = await self.uses.list(caller, account_id, before=page.after, limit=page.limit + 1)
        return page_answer(
            scope, page, [notice_view(each) for each in found], [n.id for n in found]
        )


def _nothing(_scope: Scope) -> None:
    """Return what is asked for where the route says it all."""


def _url(scope: Scope) -> str:
    return body_of(scope, WebhookBody).url


def _notices(scope: Scope) -> tuple[Scope, Page, str | None]:
    return scope, page_of(scope), account_of(scope)
