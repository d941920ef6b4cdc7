"""How webhooks, and what was told of limits, look in JSON."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, Literal

from msgspec import UNSET, Struct, UnsetType

from plg.application.notices.set_webhook import ShownWebhook
from plg.domain.notices.deliveries import Attempt, Delivery, State
from plg.domain.notices.notices import Notice
from plg.domain.notices.thresholds import Limit
from plg.domain.notices.webhooks import Webhook
from plg.entrypoints.http.api.identity.accounts import ACCOUNT_EXAMPLE
from plg.entrypoints.http.protocol.moments import moment

URL_EXAMPLE: Final = "https://example.org/hooks/plg"
NOTICE_ID: Final = "01JDG8A7W3N5Q2M9X4T6V8B1RK"


class WebhookFailureView(Struct, frozen=True):
    """Why the last call failed; `status` is that of the answer, null where there was none."""

    at: datetime
    reason: str
    status: int | None


class WebhookView(Struct, frozen=True):
    """
    Where an account is told.

    `previous_secret_until` is how long the secret before this one signs too; null for none.
    `failure` is null where the last call was taken.
    """

    url: str
    created_at: datetime
    previous_secret_until: datetime | None
    failure: WebhookFailureView | None


class NewWebhookView(WebhookView, frozen=True, kw_only=True):
    """A webhook with its secret, told this once; null where it keeps the one it has."""

    secret: str | None


class WebhookTestView(Struct, frozen=True):
    """What came of a test: `status` is that of the answer, `reason` what went wrong, or null."""

    delivered: bool
    status: int | None
    reason: str | None


class DeliveryView(Struct, frozen=True):
    """
    How far the telling is by one way.

    `next_try_at` is null at its end, `reason` and `status` are those of the last try that failed.
    """

    state: State
    tries: int
    next_try_at: datetime | None
    done_at: datetime | None
    status: int | None
    reason: str | None


class NoticeView(Struct, frozen=True):
    """
    A threshold that was reached.

    `period` is the day of a quota, or the month of a spend cap. `used` and `limit` are numbers, or
    amounts such as `"1.20"` in the `currency`. `resource` is the one whose own quota it is, null
    for a limit of the account.
    """

    id: str
    account_id: str
    time: datetime
    kind: Limit
    period: str
    percent: int
    used: str | int
    limit: str | int
    currency: str | None
    resource: str | None
    mail: DeliveryView
    webhook: DeliveryView


class ThresholdData(Struct, frozen=True):
    """
    Which threshold of which limit was reached, by whom.

    `currency` is there only where it is money, `resource` where it is a resource's own quota.
    """

    account_id: str
    kind: Limit
    period: str
    percent: int
    used: str | int
    limit: str | int
    currency: str | UnsetType = UNSET
    resource: str | UnsetType = UNSET


class ThresholdEvent(Struct, frozen=True):
    """What a webhook is sent when a threshold is reached."""

    type: Literal["usage.threshold_reached"]
    timestamp: datetime
    data: ThresholdData


class TestData(Struct, frozen=True):
    """Whose webhook is tested."""

    account_id: str


class TestEvent(Struct, frozen=True):
    """What a webhook is sent as a test."""

    type: Literal["webhook.test"]
    timestamp: datetime
    data: TestData


WEBHOOK_EXAMPLE: Final[Mapping[str, Any]] = {
    "url": URL_EXAMPLE,
    "created_at": "2026-11-22T09:30:00.000Z",
    "previous_secret_until": None,
    "failure": {"at": "2026-11-22T09:31:00.000Z", "reason": "status", "status": 503},
}
NEW_WEBHOOK_EXAMPLE: Final[Mapping[str, Any]] = {
    "url": URL_EXAMPLE,
    "created_at": "2026-11-22T09:30:00.000Z",
    "previous_secret_until": None,
    "failure": None,
    "secret": "whsec_YW4gZXhhbXBsZSBvZiAzMiBieXRlcywgbm90IG1vcmU=",
}
TEST_EXAMPLE: Final[Mapping[str, Any]] = {"delivered": True, "status": 204, "reason": None}
NOTICE_EXAMPLE: Final[Mapping[str, Any]] = {
    "id": NOTICE_ID,
    "account_id": ACCOUNT_EXAMPLE["id"],
    "time": "2026-11-22T09:30:00.000Z",
    "kind": "requests_per_day",
    "period": "2026-11-22",
    "percent": 80,
    "used": 80,
    "limit": 100,
    "currency": None,
    "resource": None,
    "mail": {
        "state": "delivered",
        "tries": 1,
        "next_try_at": None,
        "done_at": "2026-11-22T09:30:02.000Z",
        "status": None,
        "reason": None,
    },
    "webhook": {
        "state": "waiting",
        "tries": 1,
        "next_try_at": "2026-11-22T09:30:12.000Z",
        "done_at": None,
        "status": 503,
        "reason": "status",
    },
}
EVENT_EXAMPLE: Final[Mapping[str, Any]] = {
    "type": "usage.threshold_reached",
    "timestamp": "2026-11-22T09:30:00.000Z",
    "data": {
        "account_id": ACCOUNT_EXAMPLE["id"],
        "kind": "spend_cap",
        "period": "2026-11",
        "percent": 80,
        "used": "200.10",
        "limit": "250.00",
        "currency": "EUR",
    },
}
TEST_EVENT_EXAMPLE: Final[Mapping[str, Any]] = {
    "type": "webhook.test",
    "timestamp": "2026-11-22T09:30:00.000Z",
    "data": {"account_id": ACCOUNT_EXAMPLE["id"]},
}


def webhook_view(webhook: Webhook) -> WebhookView:
    """Return a webhook as JSON shows it, without its secrets."""
    return WebhookView(
        webhook.url,
        moment(webhook.created_at),
        moment(webhook.previous_until),
        _failure(webhook),
    )


def new_webhook_view(shown: ShownWebhook) -> NewWebhookView:
    """Return a webhook as JSON shows it to who has set it."""
    view = webhook_view(shown.webhook)
    return NewWebhookView(
        view.url, view.created_at, view.previous_secret_until, view.failure, secret=shown.secret
    )


def test_view(attempt: Attempt) -> WebhookTestView:
    """Return what came of a test."""
    return WebhookTestView(attempt.is_delivered, attempt.status, attempt.reason)


def notice_view(notice: Notice) -> NoticeView:
    """Return a notice as JSON shows it."""
    reached = notice.reached
    return NoticeView(
        id=notice.id,
        account_id=reached.account_id,
        time=moment(notice.at),
        kind=notice.kind,
        period=notice.period,
        percent=reached.percent,
        used=notice.amount(reached.used),
        limit=notice.amount(reached.most),
        currency=reached.currency,
        resource=reached.resource or None,
        mail=_delivery(notice.mail),
        webhook=_delivery(notice.webhook),
    )


def _failure(webhook: Webhook) -> WebhookFailureView | None:
    if webhook.failed_at is None:
        return None
    at = moment(webhook.failed_at)
    return WebhookFailureView(at, webhook.failure or "", webhook.failure_status)


def _delivery(delivery: Delivery) -> DeliveryView:
    return DeliveryView(
        delivery.state,
        delivery.tries,
        moment(delivery.due_at),
        moment(delivery.done_at),
        delivery.status,
        delivery.reason,
    )
