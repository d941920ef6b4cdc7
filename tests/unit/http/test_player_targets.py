"""The lane reads the id of a query as the ordinary way does."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from plg.domain.errors import InvalidParameter
from plg.domain.identity.access import Access
from plg.domain.records.meter_rules import PLAYERS
from plg.domain.records.players import KillerBiId
from plg.entrypoints.http.api.records.players import (
    QUERY_PATH,
    key_from_query,
    key_of_query,
)
from plg.entrypoints.http.carrier.lane_routes import LaneRoute, LaneTable
from plg.entrypoints.http.protocol.rendering import RecordRenderer
from tests.unit.reading.world import POLICY, make_world

MARKS = "= & ; + ? / : @ ! $ ' ( * , ~ % %20 %2B %C3%A9 %ff %0a"
NAMES = "killer_bi_id killer%5fbi_id KB-000001 a &killer_bi_id="
pieces = st.sampled_from(f"{MARKS} {NAMES}".split())
queries = st.lists(pieces, max_size=8).map("".join) | st.text(
    st.characters(min_codepoint=33, max_codepoint=126), max_size=140
)

RENDER = RecordRenderer.under(POLICY)
ACCESS = Access("players:read")
ROUTE = LaneRoute(QUERY_PATH, ACCESS, key_of_query, make_world().engine, RENDER, PLAYERS)
TABLE = LaneTable([ROUTE])


def ordinary(query: str) -> KillerBiId | str:
    try:
        return key_from_query({"query_string": query.encode()})
    except InvalidParameter as error:
        return str(error)


def in_the_lane(target: str) -> KillerBiId | str | None:
    try:
        found = TABLE.find(target.encode())
    except InvalidParameter as error:
        return str(error)
    return None if found is None else found[1]


@given(st.sampled_from(["", "killer_bi_id="]), queries)
@example("killer_bi_id=", "a&killer_bi_id=b")
@example("killer_bi_id=", "x" * 128)
@example("killer_bi_id=", "x" * 129)
@example("killer_bi_id=", "a;b=c")
@example("killer_bi_id=", "")
def test_both_ways_read_the_same_of_a_query(begin: str, rest: str) -> None:
    query = begin + rest

    assert in_the_lane(f"/api/?{query}") == in_the_lane(f"/api?{query}") == ordinary(query)


@pytest.mark.parametrize("path", ["/api/v1/players/", "/apis", "/API/", "/api//", "/"])
def test_other_paths_are_other_routes(path: str) -> None:
    assert in_the_lane(f"{path}?killer_bi_id=KB-000001") is None
