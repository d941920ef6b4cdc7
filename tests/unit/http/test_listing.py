"""Pages: what is asked for, and what is answered."""

from typing import Any
from urllib.parse import parse_qs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plg.domain.errors import InvalidParameter, InvalidRequest
from plg.entrypoints.http.protocol.listing import next_page, query_of
from plg.entrypoints.http.queries import ListQuery, NumberedQuery, QueryReader
from plg.entrypoints.http.routes import Page

read = QueryReader(ListQuery)
read_numbered = QueryReader(NumberedQuery)
IDS = [f"id-{number:03}" for number in range(120)]


def scope(query: str = "") -> dict[str, Any]:
    return {"query_string": query.encode("latin-1"), "path": "/api/v1/users"}


def list_from(query: ListQuery) -> list[str]:
    start = 0 if query.cursor is None else IDS.index(query.cursor) + 1
    return IDS[start : start + query.one_more]


def test_a_page_has_fifty_items_unless_asked_otherwise() -> None:
    assert read(scope()) == ListQuery(limit=50, cursor=None)


@pytest.mark.parametrize("limit", ["0", "101", "-1", "x", "", "1e1", "%D9%A3", "9" * 5000, "1.0"])
def test_a_limit_that_cannot_be_used_is_refused(limit: str) -> None:
    with pytest.raises(InvalidParameter) as caught:
        read(scope(f"limit={limit}"))

    assert caught.value.parameter == "limit"


@pytest.mark.parametrize("cursor", ["", "%25", "a", "_w", "a" * 9000, "=", "%C3%B6", "AA"])
def test_a_cursor_that_is_none_of_ours_is_refused(cursor: str) -> None:
    with pytest.raises(InvalidParameter) as caught:
        read(scope(f"cursor={cursor}"))

    assert caught.value.parameter == "cursor"


@pytest.mark.parametrize("cursor", ["", "a", "aWQ", "LTE", "MTIzNDU2Nzg5MDEyMzQ1Njc4OQ", "w6k"])
def test_a_cursor_of_a_numbered_list_is_a_number(cursor: str) -> None:
    with pytest.raises(InvalidParameter) as caught:
        read_numbered(scope(f"cursor={cursor}"))

    assert caught.value.parameter == "cursor"
    assert read_numbered(scope("cursor=MTI")).cursor == 12


@given(st.integers(1, 100))
def test_following_the_cursors_visits_everything_once(limit: int) -> None:
    seen: list[str] = []
    text = f"q=x&limit={limit}"
    while True:
        query = read(scope(text))
        page = Page.of(list_from(query), query, str, str)
        seen += page.items
        if page.after is None:
            break
        cursor, link = next_page(scope(text), page.after, page.limit)
        text = f"q=x&limit={limit}&cursor={cursor}"
        target = link.decode().removeprefix("</api/v1/users?").partition(">")[0]
        assert parse_qs(target) == parse_qs(text)
    assert seen == IDS


def test_a_repeated_parameter_is_named() -> None:
    with pytest.raises(InvalidParameter) as caught:
        query_of(scope("limit=1&limit=2"))

    assert caught.value.parameter == "limit"


@pytest.mark.parametrize("query", ["q=%FF", "&".join(f"p{number}=" for number in range(101))])
def test_a_query_that_cannot_be_read_is_refused(query: str) -> None:
    with pytest.raises(InvalidRequest):
        query_of(scope(query))
