"""The calls that go the other way, as the OpenAPI document tells of them."""

from collections.abc import Mapping
from typing import Any, Final

from plg.entrypoints.http.api.notices.notice_views import (
    EVENT_EXAMPLE,
    NOTICE_ID,
    TEST_EVENT_EXAMPLE,
    TestEvent,
    ThresholdEvent,
)
from plg.entrypoints.http.api.plans.plans import TAG

EVENTS: Final = (ThresholdEvent, TestEvent)
_SIGNED: Final = (
    "Signed as Standard Webhooks 1.0.0 says (https://www.standardwebhooks.com): HMAC-SHA256 over "
    "`{webhook-id}.{webhook-timestamp}.{body}` under the webhook's secret."
)


def webhooks(reference: str) -> dict[str, Any]:
    """Return what is called, under names of events; `reference` leads to a schema by its name."""
    return {
        "usage.threshold_reached": _call(
            "usage_threshold_reached",
            "A threshold of a limit was reached",
            f"Once for 50, 80 and 100 % of each limit in each of its periods. {_SIGNED}",
            reference.format(name=ThresholdEvent.__name__),
            EVENT_EXAMPLE,
        ),
        "webhook.test": _call(
            "webhook_test",
            "The account tries its webhook",
            f"Once for each request to try it. {_SIGNED}",
            reference.format(name=TestEvent.__name__),
            TEST_EVENT_EXAMPLE,
        ),
    }


def _call(
    name: str, summary: str, description: str, reference: str, example: Mapping[str, Any]
) -> dict[str, Any]:
    media = {"schema": {"$ref": reference}, "example": example}
    return {
        "post": {
            "operationId": name,
            "summary": summary,
            "description": description,
            "tags": [TAG],
            "security": [],
            "parameters": [_header(*each) for each in _HEADERS],
            "requestBody": {"required": True, "content": {"application/json": media}},
            "responses": {
                "2XX": {"description": "It was taken: it is not sent again"},
                "410": {"description": "This one is not sent again"},
                "default": {"description": "It is sent again, under the same id, later and later"},
            },
        }
    }


def _header(name: str, description: str, example: str) -> dict[str, Any]:
    return {
        "name": name,
        "in": "header",
        "required": True,
        "description": description,
        "schema": {"type": "string"},
        "example": example,
    }


_HEADERS: Final = (
    ("webhook-id", "The same however often it is sent.", NOTICE_ID),
    ("webhook-timestamp", "When it is sent, in seconds since the epoch.", "1795339800"),
    (
        "webhook-signature",
        "`v1,` and the signature in base64; two, a blank between them, after a change of secrets.",
        "v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=",
    ),
)
