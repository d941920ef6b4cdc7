"""Texts that people see."""

import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plg.application.identity.new_account import parse_name
from plg.domain.devices.devices import checked_name, checked_platform
from plg.domain.errors import InvalidParameter
from plg.domain.identity.api_key_fields import name_of, reason_of
from plg.domain.texts import line_of

SHOWN = [
    "x",
    "Ana López",
    "می\u200cخواهم",  # noqa: RUF001  # Persian: keeps letters apart
    "ක්\u200dෂ",  # Sinhala: after a mark
    "র\u200d্য",  # Bengali: before a mark
    "👩\u200d🚀",
    "❤\ufe0f\u200d🔥",
    "Ci für Straße 🚀",
]
NOT_SHOWN = [
    "",
    " \u00a0\u3000",
    "\u0301",
    "\u2800",
    "\u3164",
    "\u200d",
    "a\nb",
    "a\x7fb",
    "a\u2028b",
    "a\u2029b",
    "a\ud800b",
    "a\ue000b",
    "a\u00adb",
    "a\u200bb",
    "admin\u202e",
    "\ufeffa",
    "a\U000e0041b",
    "\u200ca",
    "a\u200d",
    "a\u200d b",
    "a\u200c\u200db",
]


@pytest.mark.parametrize("text", SHOWN)
def test_what_is_visible_is_taken_as_it_is(text: str) -> None:
    assert line_of("name", f" {text} ", 100) == text


@pytest.mark.parametrize("text", NOT_SHOWN)
def test_what_is_not_visible_is_refused(text: str) -> None:
    with pytest.raises(InvalidParameter, match="name m"):
        line_of("name", text, 100)


@given(st.text(max_size=20))
def test_what_was_taken_is_taken_again_and_says_all_that_it_holds(text: str) -> None:
    try:
        line = line_of("name", text, 100)
    except InvalidParameter:
        return

    assert line_of("name", line, 100) == line == unicodedata.normalize("NFC", text).strip()
    refused = {"Cc", "Cf", "Co", "Cs", "Zl", "Zp"}
    assert not any(
        unicodedata.category(each) in refused for each in line if each not in "\u200c\u200d"
    )


@pytest.mark.parametrize("text", ["x" * 101, "\u0301" * 70_000])
def test_what_is_too_long_is_refused(text: str) -> None:
    with pytest.raises(InvalidParameter, match="1 to 100"):
        line_of("name", text, 100)


@pytest.mark.parametrize("read", [name_of, reason_of, checked_name, checked_platform, parse_name])
@pytest.mark.parametrize("text", ["a\u202eb", "\u3164", "a\ue000"])
def test_it_holds_wherever_a_text_enters(read: Callable[[str], object], text: str) -> None:
    with pytest.raises(InvalidParameter):
        read(text)
