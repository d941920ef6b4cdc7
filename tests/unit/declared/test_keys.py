"""Keys of declared records."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plg.domain.errors import InvalidParameter
from plg.domain.records.declared.keys import DeclaredKey, Fold, KeyRule, KeyType

SKU = KeyRule("sku", fold=Fold.UPPER, pattern=re.compile("[A-Z0-9-]{3,40}"), example="AB-1")
NUMBER = KeyRule("id", KeyType.INTEGER)
ANY = KeyRule("key")


def refuses(rule: KeyRule, text: str) -> bool:
    try:
        rule.parse(text)
    except InvalidParameter as error:
        return error.parameter == rule.name
    return False


def test_a_key_is_trimmed_and_folded() -> None:
    assert SKU.parse(" ab-1 ") == DeclaredKey("AB-1")


@pytest.mark.parametrize(
    ("rule", "texts"),
    [
        (SKU, ["", "ab", "ab_1", "x" * 41, "AB-1\n"[:-1] + "é"]),
        (NUMBER, ["", "01", "+1", "1.0", "1e3", "42abc", "x", "9" * 19, "-0"]),
        (ANY, ["", " ", ".", "..", "x" * 129, "a\x00b", "a\x7fb", "\ud800"]),
    ],
)
def test_what_is_no_key_is_refused_by_the_name_of_the_parameter(
    rule: KeyRule, texts: list[str]
) -> None:
    assert [text for text in texts if not refuses(rule, text)] == []


@pytest.mark.parametrize("text", ["0", "-1", "42", "9" * 18])
def test_whole_numbers_are_keys(text: str) -> None:
    assert NUMBER.parse(text).value == text


def test_a_key_that_grows_when_it_is_folded_keeps_its_bound() -> None:
    assert refuses(KeyRule("key", fold=Fold.UPPER), "ß" * 65)


def test_an_example_must_be_a_key() -> None:
    with pytest.raises(InvalidParameter):
        KeyRule("sku", pattern=re.compile("[A-Z]+"), example="1")


def test_a_record_is_about_a_key_when_both_fold_alike() -> None:
    assert SKU.is_same(SKU.parse("ab-1"), "Ab-1")
    assert not SKU.is_same(SKU.parse("ab-1"), "AB-12")


@given(st.text(max_size=200))
def test_whatever_is_let_in_is_a_key_again(text: str) -> None:
    for rule in (SKU, NUMBER, ANY):
        if not refuses(rule, text):
            key = rule.parse(text)
            assert rule.parse(key.value) == key
            assert 0 < len(key.value) <= 128
