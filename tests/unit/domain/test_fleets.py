"""Fleets."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plg.domain.errors import InvalidParameter
from plg.domain.fleets.fleets import Fleet, Staged, fleet_code_of
from tests.fakes.clock import NOON

NAMES = st.sets(st.integers(0, 30))


@pytest.mark.parametrize("text", ["a", "north-2", "0", "-", "x" * 64])
def test_a_code_is_taken_as_it_is(text: str) -> None:
    assert fleet_code_of(text) == text


@pytest.mark.parametrize("text", ["", "x" * 65, "North", "a b", "a_b", "ä", "a\n", "a/b"])
def test_what_is_no_code_is_refused(text: str) -> None:
    with pytest.raises(InvalidParameter) as refused:
        fleet_code_of(text)
    assert refused.value.parameter == "code"


@given(NAMES, NAMES, st.booleans())
def test_a_fleet_counts_its_vehicles_as_a_set_does(
    held: set[int], named: set[int], replaces: bool
) -> None:
    fleet = Fleet("north", "North", len(held), NOON)
    staged = Staged(len(named - held), len(named & held))
    after = named if replaces else held | named

    assert fleet.after(staged, NOON + 1, replaces=replaces) == Fleet(
        "north", "North", len(after), NOON + 1
    )
    assert fleet.removed_by(staged, replaces=replaces) == len(held - after)


def test_what_is_staged_adds_up() -> None:
    assert Staged(1, 2) + Staged(3, 4) == Staged(4, 6)
