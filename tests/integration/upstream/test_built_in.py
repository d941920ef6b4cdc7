"""Players and vehicles are asked for as their form of a declaration says."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from plg.adapters.upstream.declared_documents import find_document
from plg.adapters.upstream.players import read_player
from plg.domain.identity.access import Scope
from plg.domain.records.declared.keys import DeclaredKey
from plg.domain.records.declared.resources import TAKEN
from plg.domain.records.meter_rules import BUILT_IN
from plg.domain.records.players import KillerBiId
from plg.domain.records.vehicles import Vin
from plg.settings.resources.built_in import built_in_specs
from tests.integration.upstream.sources import lookup_of

SPECS = built_in_specs()
VIN = "WVWZZZE1ZMP000001"
keys = st.text("AB1.", min_size=1, max_size=3).filter(lambda text: text not in {".", ".."})
items = st.fixed_dictionaries({"killer_bi_id": keys | st.integers(0, 20)}, optional={"n": keys})


def test_they_are_the_names_that_no_declaration_may_take() -> None:
    assert set(SPECS) <= TAKEN
    assert {each.scope for each in SPECS.values()} <= set(Scope)


def test_they_are_counted_as_the_ledger_has_always_counted_them() -> None:
    assert {each.meter_rule for each in SPECS.values()} <= set(BUILT_IN)


@given(keys, st.lists(items, max_size=4))
def test_players_are_found_as_it_says(key: str, listed: list[dict[str, Any]]) -> None:
    body = msgspec.json.encode(listed)
    spec = SPECS["players"]
    lookup = lookup_of("players")
    found = find_document(body, DeclaredKey(key), spec.key, lookup.record, lookup.match)
    player = read_player(KillerBiId.parse(key), body)

    assert found == (None if player is None else player.document)


@pytest.mark.parametrize("name", ["vehicle_static", "vehicle_dynamic"])
def test_what_is_a_vin_is_a_key_as_it_says(name: str) -> None:
    for sent in (VIN, VIN.lower(), f" {VIN} "):
        assert SPECS[name].key.parse(sent).value == Vin.parse(sent).value
