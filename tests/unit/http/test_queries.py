"""Queries as values."""

from typing import Annotated
from urllib.parse import quote

import pytest
from starlette.types import Scope

from plg.domain.errors import InvalidParameter
from plg.entrypoints.http.queries import ListQuery, QueryReader, text_parameter


class ThingsQuery(ListQuery, frozen=True, kw_only=True):
    """Which things are asked for."""

    color: Annotated[str, text_parameter("Of this color.", "red")]


read = QueryReader(ThingsQuery)


def scope_of(query: str) -> Scope:
    return {"type": "http", "query_string": quote(query, safe="=&").encode()}


def refused(query: str) -> str | None:
    try:
        read(scope_of(query))
    except InvalidParameter as error:
        return error.parameter
    return None


def test_what_is_not_given_has_its_default_and_what_is_not_known_is_ignored() -> None:
    assert read(scope_of("color=red&other=1")) == ThingsQuery(color="red")


def test_a_cursor_is_what_the_page_begins_after() -> None:
    assert read(scope_of("color=red&limit=7&cursor=dGlsbC0wMDAx")) == ThingsQuery(
        color="red", limit=7, cursor="till-0001"
    )


@pytest.mark.parametrize(
    "limit", ["0", "101", "7.0", "null", "NaN", "", "-1", "1e1", "\u0667", "9" * 40]
)
def test_what_is_no_whole_number_within_the_bounds_is_refused(limit: str) -> None:
    assert refused(f"color=red&limit={limit}") == "limit"


def test_a_parameter_without_a_default_is_needed() -> None:
    assert refused("limit=7") == "color"


def test_a_parameter_may_be_given_only_once() -> None:
    assert refused("color=red&color=blue") == "color"


def test_those_of_the_list_come_last_in_the_documents() -> None:
    shown = [(each.name, each.is_required) for each in read.parameters]

    assert shown == [("color", True), ("limit", False), ("cursor", False)]
