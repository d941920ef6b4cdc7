"""Names that are set, and are probably others misspelled."""

import string
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plg.settings import Misspelled, Origin, Settings, Variables

NAMES = list(Settings.from_env({}).describe())
LETTERS = st.sampled_from(string.ascii_uppercase + "_")


def nearest(name: str) -> str | None:
    found = Variables({name: "x"}, {}).misspelled(NAMES)
    return found[0].nearest if found else None


@st.composite
def one_letter_away(draw: st.DrawFn) -> str:
    name = draw(st.sampled_from(NAMES))
    at = draw(st.integers(0, len(name) - 2))
    kept, letter = draw(st.integers(0, 2)), draw(LETTERS)
    swapped = name[:at] + name[at + 1] + name[at] + name[at + 2 :]
    changed = name[:at] + letter * (kept != 0) + name[at + (kept != 2) :]
    return draw(st.sampled_from([changed, swapped, changed.lower()]))


@given(one_letter_away())
def test_a_name_one_letter_from_ours_is_misspelled(name: str) -> None:
    assert name in NAMES or nearest(name) in NAMES


@given(st.sampled_from(NAMES))
def test_our_names_are_not_misspelled(name: str) -> None:
    assert nearest(name) is None


@pytest.mark.parametrize("name", ["HOME", "PATH", "LANG", "API_PROTO", "", "_", "MY_API_PORT"])
def test_names_of_others_are_left_alone(name: str) -> None:
    assert nearest(name) is None


@pytest.mark.parametrize("name", ["CACHE_TTL_SECS", "RATE_LIMIT_BURSTS", "api_port", "SMTP_USER"])
def test_a_name_in_the_file_may_be_further_away(name: str) -> None:
    (found,) = Variables({}, {name: "x"}).misspelled(NAMES)

    assert isinstance(found, Misspelled)
    assert found.origin is Origin.DOTENV


def test_what_the_file_shares_with_other_programs_is_left_alone() -> None:
    shared = Variables({}, {"COMPOSE_PROJECT_NAME": "x", "POSTGRES_PASSWORD": "x"})

    assert shared.misspelled(NAMES) == []


def test_a_value_may_go_over_several_lines(tmp_path: Path) -> None:
    dotenv = tmp_path / ".env"
    dotenv.write_text("\ufeffexport A='{\n  \"b\": 1}'  # why\n# C=1\nD\n")

    assert Variables.read({}, dotenv).given() == {"A": '{\n  "b": 1}'}
