"""Players and vehicles are asked for as their form of a declaration says."""

from typing import Any
from urllib.parse import quote

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from plg.adapters.upstream.declared_documents import find_document
from plg.adapters.upstream.players import player_target, read_player
from plg.adapters.upstream.vehicles import HttpDynamicSource, static_target
from plg.domain.identity.access import Scope
from plg.domain.records.declared.keys import DeclaredKey, KeyRule
from plg.domain.records.declared.patterns import pattern_of
from plg.domain.records.declared.pointers import WHOLE, Pointer
from plg.domain.records.declared.resources import TAKEN
from plg.domain.records.players import KillerBiId
from plg.domain.records.vehicles import Vin
from plg.settings.resources.built_in import built_in_document
from tests.integration.upstream.sources import FixedSource, source_over

RESOURCES: dict[str, Any] = built_in_document()["resource"]
VIN = "WVWZZZE1ZMP000001"
keys = st.text("AB1.", min_size=1, max_size=3).filter(lambda text: text not in {".", ".."})
items = st.fixed_dictionaries({"killer_bi_id": keys | st.integers(0, 20)}, optional={"n": keys})


def asked(name: str, key: str) -> str:
    hole = RESOURCES[name]["path"].partition("{")[2].rstrip("}")
    target: str = RESOURCES[name]["get"].replace(f"{{{hole}}}", quote(key, safe=""))
    return target


def test_they_are_the_names_that_no_declaration_may_take() -> None:
    assert set(RESOURCES) == TAKEN
    assert {each["scope"] for each in RESOURCES.values()} <= set(Scope)


@given(keys)
def test_players_are_asked_for_as_it_says(key: str) -> None:
    assert player_target(KillerBiId.parse(key)) == asked("players", key)


@given(keys, st.lists(items, max_size=4))
def test_players_are_found_as_it_says(key: str, listed: list[dict[str, Any]]) -> None:
    body = msgspec.json.encode(listed)
    match = Pointer.parse(RESOURCES["players"]["match"])
    found = find_document(body, DeclaredKey(key), KeyRule("killer_bi_id"), WHOLE, match)
    player = read_player(KillerBiId.parse(key), body)

    assert found == (None if player is None else player.document)


def test_vehicles_are_asked_for_as_it_says() -> None:
    over = source_over(FixedSource())
    dynamic = HttpDynamicSource(over.client, over.retries, over.clock)

    assert static_target(Vin.parse(VIN)) == asked("vehicle_static", VIN)
    assert dynamic.target(Vin.parse(VIN)) == asked("vehicle_dynamic", VIN)


@pytest.mark.parametrize("name", ["vehicle_static", "vehicle_dynamic"])
def test_what_is_a_vin_is_a_key_as_it_says(name: str) -> None:
    pattern = pattern_of(RESOURCES[name]["key"]["pattern"])

    assert pattern.fullmatch(Vin.parse(VIN.lower()).value)
    assert RESOURCES[name]["key"]["fold"] == "upper"
