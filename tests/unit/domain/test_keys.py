"""What is a `killer_bi_id`."""

import unicodedata
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plg.domain.errors import InvalidParameter
from plg.domain.records.players import KEY_LENGTH_MAX, KillerBiId

FORBIDDEN: Final = ("Cc", "Cs")
letters = st.characters(exclude_categories=FORBIDDEN)
keys = st.text(letters, min_size=1, max_size=KEY_LENGTH_MAX).filter(
    lambda text: text == text.strip()
)


@given(keys)
def test_text_of_the_right_length_without_controls_is_a_key(text: str) -> None:
    assert KillerBiId(text).value == text


@given(keys)
def test_a_key_can_be_written_as_utf8(text: str) -> None:
    assert KillerBiId(text).value.encode().decode() == text


@given(keys, st.text(" \t\r\n\f\v\u00a0\u2003", max_size=3))
def test_pasted_text_is_trimmed(text: str, blanks: str) -> None:
    assert KillerBiId.parse(blanks + text + blanks) == KillerBiId(text)


@given(st.text(max_size=KEY_LENGTH_MAX + 3))
def test_every_text_is_a_key_or_an_invalid_parameter(text: str) -> None:
    try:
        key = KillerBiId(text)
    except InvalidParameter:
        return
    assert 1 <= len(key.value) <= KEY_LENGTH_MAX
    assert not any(unicodedata.category(letter) in FORBIDDEN for letter in key.value)
    assert key.value == key.value.strip()


@pytest.mark.parametrize("control", ["\x00", "\x1f", "\x7f", "\x80", "\x9f", "\n"])
def test_a_control_character_inside_is_refused(control: str) -> None:
    with pytest.raises(InvalidParameter, match="control"):
        KillerBiId(f"a{control}b")


@pytest.mark.parametrize("half", ["\ud800", "a\udfff"])
def test_half_a_character_is_refused(half: str) -> None:
    with pytest.raises(InvalidParameter, match="killer_bi_id"):
        KillerBiId(half)


@pytest.mark.parametrize("text", ["", "x" * 129, "é" * 129])
def test_a_wrong_length_is_refused(text: str) -> None:
    with pytest.raises(InvalidParameter, match="1 to 128"):
        KillerBiId(text)


@pytest.mark.parametrize("text", [" a", "a ", "\u2003a", "a\u00a0"])
def test_outer_white_space_is_refused(text: str) -> None:
    with pytest.raises(InvalidParameter, match="white space"):
        KillerBiId(text)


def test_white_space_alone_is_no_key() -> None:
    with pytest.raises(InvalidParameter, match="1 to 128"):
        KillerBiId.parse("   ")


def test_the_refusal_names_the_parameter() -> None:
    with pytest.raises(InvalidParameter) as caught:
        KillerBiId("")

    assert caught.value.parameter == "killer_bi_id"


@pytest.mark.parametrize(
    "text", ["x", "x" * 128, "é" * 128, "a b", "é/%+&~", "a\u2028b", "\U0001f600"]
)
def test_odd_but_lawful_text_is_a_key(text: str) -> None:
    assert KillerBiId(text).value == text
