"""Patterns of keys: what may run for ever is refused."""

import pytest

from plg.domain.records.declared.patterns import pattern_of

SOUND = (
    "[A-Z0-9-]{3,40}",
    "[A-Z]+-[0-9]+",
    r"(\d{1,3}\.){3}\d{1,3}",
    "(AB|CD)-[0-9]*",
    "(?:[A-Z]{2}){1,4}",
    "[0-9]{5}(-[0-9]{4})?",
    "(?i:ab)c*",
    "(a|b)*c",
)
ENDLESS = (
    "(a+)+",
    "(a*)*b",
    "(a|aa)+",
    "(ab|a)*c",
    "(a{1,2}){1,100}",
    "((a)?){60}",
    "a*a*a*a*a*b",
    "(a*){5}b",
    r"(a)\1+",
    "(?=a+)a",
    "(?<!a)b",
)
NO_PATTERN = ("(", "[a", "a{2,1}", "", "a" * 257, "(?P<n>a)(?P<n>b)")


@pytest.mark.parametrize("text", SOUND)
def test_a_pattern_that_is_bounded_is_taken(text: str) -> None:
    assert pattern_of(text).pattern == text


def test_a_pattern_that_may_run_for_ever_is_refused() -> None:
    assert [text for text in ENDLESS if not refusal(text)] == []


def test_what_is_no_pattern_is_refused() -> None:
    assert [text for text in NO_PATTERN if not refusal(text)] == []


def test_the_refusal_says_what_to_do() -> None:
    assert refusal("(a+)+").endswith("or write it without the inner repetition")


def refusal(text: str) -> str:
    try:
        pattern_of(text)
    except ValueError as error:
        return str(error)
    return ""
