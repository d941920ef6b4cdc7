"""The page on being told shows what is sent, and its example verifies it."""

import json
from typing import Any, cast

import msgspec
import pytest

from plg.domain.notices.deliveries import PAUSES, State
from plg.domain.notices.notices import Event
from plg.domain.notices.webhooks import secret_text, signatures
from plg.entrypoints.http.api.notices.notice_views import (
    EVENT_EXAMPLE,
    NOTICE_EXAMPLE,
    NoticeView,
    ThresholdEvent,
)
from tests.docs.pages import code, page, rows
from tests.docs.test_examples import shape

PAGE = page("notices.md")
SECRET = b"s" * 32
BODY = b'{"type":"webhook.test"}'


def shown(note: str) -> Any:  # noqa: ANN401 - any JSON
    (fence,) = (each for each in PAGE.fences("json") if each.note == f"in: {note}")
    return json.loads(fence.text)


def test_a_notice_looks_as_the_page_shows() -> None:
    (item,) = shown("NoticeView")["items"]

    assert shape(item) == shape(NOTICE_EXAMPLE)
    assert msgspec.convert(item, NoticeView, strict=False).percent == 80


def test_an_event_looks_as_the_page_shows() -> None:
    assert shown("ThresholdEvent") == EVENT_EXAMPLE
    assert msgspec.convert(shown("ThresholdEvent"), ThresholdEvent).data.percent == 80


def test_every_state_is_explained() -> None:
    tables = [code(row[0]) for row in rows(PAGE.text) if len(row) == 2]

    assert [name for name in tables if name in list(State)] == [each.value for each in State]


def test_the_pauses_are_those_that_the_page_tells() -> None:
    told = "10 seconds, 1 minute, 5 and 30 minutes, 2, 6 and 24 hours"

    assert told in PAGE.text
    assert PAUSES == (10, 60, 5 * 60, 30 * 60, 2 * 3600, 6 * 3600, 24 * 3600)


@pytest.fixture
def example() -> dict[str, Any]:
    (fence,) = (each for each in PAGE.fences("python") if each.note == "example: verify")
    namespace: dict[str, Any] = {}
    exec(fence.text, namespace)
    return namespace


def headers(at: float, *secrets: bytes) -> dict[str, str]:
    event = Event("01EVENT", "webhook.test", at, {})
    return {
        "webhook-id": event.id,
        "webhook-timestamp": str(int(at)),
        "webhook-signature": signatures(secrets, event.id, int(at), BODY),
    }


def test_the_example_takes_what_is_signed_and_nothing_else(example: dict[str, Any]) -> None:
    now: float = cast("Any", example["time"]).time()
    verify, secret = example["is_from_plg"], secret_text(SECRET)

    assert verify(secret, headers(now, SECRET), BODY)
    assert verify(secret, headers(now, b"newer", SECRET), BODY)
    assert not verify(secret, headers(now, b"another"), BODY)
    assert not verify(secret, headers(now, SECRET), BODY + b" ")
    assert not verify(secret, headers(now - 301, SECRET), BODY)
    assert not verify(secret, headers(now, SECRET) | {"webhook-id": "other"}, BODY)
