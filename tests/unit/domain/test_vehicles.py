"""VINs, and what is kept of vehicles."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plg.domain.errors import InvalidParameter
from plg.domain.records.vehicles import DOCUMENT_BYTES_MAX, Vin
from tests.fakes.vehicles import observation_of


@pytest.mark.parametrize(
    "text", ["WVWZZZE1ZMP000001", "A123456789", "I" * 16, "Q" * 18, "0" * 25, "1234567890"]
)
def test_a_vin_stays_as_it_is(text: str) -> None:
    assert Vin(text).value == text


@pytest.mark.parametrize("text", [" wvwzzze1zmp000001\n", "WvwZZZe1zmp000001"])
def test_what_people_paste_is_trimmed_and_folded(text: str) -> None:
    assert Vin.parse(text) == Vin("WVWZZZE1ZMP000001")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "A12345678",
        "A" * 26,
        "wvwzzze1zmp000001",
        "WVWZZZE1ZMP00000I",
        "OVWZZZE1ZMP000001",
        "WVWZZZQ1ZMP000001",
        "WVW-ZZ1234567",
        "WVWZZZ1234567\n",
        "WVWZZZ 1234567",
        "ÄVWZZZ1234567",
        "\u0661" * 12,
    ],
)
def test_what_can_be_no_vin_is_refused_by_the_name_of_the_parameter(text: str) -> None:
    with pytest.raises(InvalidParameter) as caught:
        Vin(text)

    assert caught.value.parameter == "vin"


@pytest.mark.parametrize("text", ["\u0131bcdefghjkl", "stra\u00dfe12345", "\ufb03bcdefghj"])
def test_letters_beyond_ascii_do_not_fold_into_a_vin(text: str) -> None:
    with pytest.raises(InvalidParameter):
        Vin.parse(text)


@given(st.text(alphabet="ABCDEFGHJKLMNPRSTUVWXYZ0123456789", min_size=10, max_size=25))
def test_case_never_makes_another_vehicle(text: str) -> None:
    assert Vin.parse(text.lower()) == Vin.parse(text) == Vin(text)


@pytest.mark.parametrize(("size", "can_be_kept"), [(0, True), (1, False)])
def test_what_is_too_large_cannot_be_kept(size: int, *, can_be_kept: bool) -> None:
    observation = observation_of(document=b"x" * (DOCUMENT_BYTES_MAX + size))

    assert observation.can_be_kept is can_be_kept
