"""Pages: what is asked for, and what is answered."""

from typing import Any
from urllib.parse import parse_qs

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from plg.domain.errors import InvalidParameter, InvalidRequest
from plg.entrypoints.http.protocol.listing import Page, page_answer, page_of, query_of

IDS = [f"id-{number:03}" for number in range(120)]


def scope(query: str = "") -> dict[str, Any]:
    return {"query_string": query.encode("latin-1"), "path": "/api/v1/users"}


def list_from(page: Page) -> list[str]:
    start = 0 if page.after is None else IDS.index(page.after) + 1
    return IDS[start : start + page.limit + 1]


def test_a_page_has_fifty_items_unless_asked_otherwise() -> None:
    assert page_of(scope()) == Page(None, 50)


@pytest.mark.parametrize("limit", ["0", "101", "-1", "x", "", "1e1", "%D9%A3", "9" * 5000, "1.0"])
def test_a_limit_that_cannot_be_used_is_refused(limit: str) -> None:
    with pytest.raises(InvalidParameter) as caught:
        page_of(scope(f"limit={limit}"))

    assert caught.value.parameter == "limit"


@pytest.mark.parametrize("cursor", ["", "%25", "a", "_w", "a" * 9000, "=", "%C3%B6", "AA"])
def test_a_cursor_that_is_none_of_ours_is_refused(cursor: str) -> None:
    with pytest.raises(InvalidParameter) as caught:
        page_of(scope(f"cursor={cursor}"))

    assert caught.value.parameter == "cursor"


@given(st.integers(1, 100))
def test_following_the_cursors_visits_everything_once(limit: int) -> None:
    seen: list[str] = []
    query = f"q=x&limit={limit}"
    while True:
        page = page_of(scope(query))
        items = list_from(page)
        answer = page_answer(scope(query), page, items, items)
        body = msgspec.json.decode(answer.body)
        seen += body["items"]
        if body["next_cursor"] is None:
            break
        query = f"q=x&limit={limit}&cursor={body['next_cursor']}"
        link = next(line for line in answer.lines.split(b"\r\n") if line.startswith(b"link: "))
        target = link.decode().removeprefix("link: </api/v1/users?").partition(">")[0]
        assert parse_qs(target) == parse_qs(query)
    assert seen == IDS


def test_the_last_page_has_no_link() -> None:
    answer = page_answer(scope(), Page(None, 2), ["a", "b"], ["a", "b"])

    assert b"link" not in answer.lines
    assert msgspec.json.decode(answer.body) == {"items": ["a", "b"], "next_cursor": None}


def test_a_repeated_parameter_is_named() -> None:
    with pytest.raises(InvalidParameter) as caught:
        query_of(scope("limit=1&limit=2"))

    assert caught.value.parameter == "limit"


@pytest.mark.parametrize("query", ["q=%FF", "&".join(f"p{number}=" for number in range(101))])
def test_a_query_that_cannot_be_read_is_refused(query: str) -> None:
    with pytest.raises(InvalidRequest):
        query_of(scope(query))
