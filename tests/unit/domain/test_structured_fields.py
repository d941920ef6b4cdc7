"""Dictionaries are read as an independent reader reads them, or not at all."""

from typing import Any

import http_sf
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from plg.domain.devices.structured_fields import (
    PARTS_MAX,
    BareItem,
    InnerList,
    Item,
    Member,
    NotUnderstood,
    Parameters,
    Token,
    read_dictionary,
)

keys = st.from_regex(r"[a-z*][a-z0-9_.*-]{0,8}", fullmatch=True)
bare_items: st.SearchStrategy[BareItem] = st.one_of(
    st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=12),
    st.integers(-(10**15) + 1, 10**15 - 1),
    st.booleans(),
    st.binary(max_size=12),
    st.from_regex(r"[A-Za-z*][A-Za-z0-9!#$%&'*+.^_`|~:/-]{0,8}", fullmatch=True).map(Token),
)
parameters = st.dictionaries(keys, bare_items, max_size=3)
items = st.builds(Item, bare_items, parameters)
lists = st.builds(InnerList, st.lists(items, max_size=4).map(tuple), parameters)
dictionaries = st.dictionaries(keys, st.one_of(items, lists), max_size=4)
near_fields = st.text('ab1*_.-"\\:=;,?()@% \t\x00\x7fé+/Ax', max_size=24)


@given(dictionaries)
def test_what_is_written_is_read_again(members: dict[str, Member]) -> None:
    text = ", ".join(f"{key}={member}" for key, member in members.items())

    assert read_dictionary(text) == members


@given(dictionaries)
def test_an_independent_reader_understands_what_is_written(members: dict[str, Member]) -> None:
    text = ", ".join(f"{key}={member}" for key, member in members.items())

    assert _oracle(text) == {key: _plain(member) for key, member in members.items()}


@given(near_fields)
@example('a=("x" "y";q);z=1')
@example("a=:YQ==:;b=?0, c")
@example("a=-0")
@example("a,\tb \t")
@example("a=1,")
@example(" a=1 ")
@example('a="\\""')
@example("a=:YR==:")
@example("a=@1")
@example("a=1.5")
def test_every_text_is_read_as_by_an_independent_reader_or_refused(text: str) -> None:
    assert_read_as_by_another_or_refused(text)


@given(dictionaries, st.data())
def test_a_damaged_field_is_read_as_by_an_independent_reader_or_refused(
    members: dict[str, Member], data: st.DataObject
) -> None:
    text = ", ".join(f"{key}={member}" for key, member in members.items())
    at = data.draw(st.integers(0, len(text)))
    damaged = text[:at] + data.draw(near_fields) + text[at + data.draw(st.integers(0, 2)) :]

    assert_read_as_by_another_or_refused(damaged)


@pytest.mark.parametrize(
    "text",
    [
        "a=1.0",
        "a=@5",
        'a=%"x"',
        "a=1234567890123456",
        'a="x',
        "a=(1",
        "a=(1,2)",
        "a=(1(2))",
        "a=1 b=2",
        "a=1,",
        "A=1",
        "a=",
        "a;=1",
        "a=1;1",
        "a=1, a=2",
        "a=1;b;b",
        "a=:x:",
        "a=:YQ:",
        "a=:YR==:",
        "a=?2",
        "a=é",
        "\ta=1",
    ],
)
def test_what_is_beyond_is_refused(text: str) -> None:
    with pytest.raises(NotUnderstood):
        read_dictionary(text)


@pytest.mark.parametrize(
    "text",
    [
        ", ".join(f"k{number}" for number in range(PARTS_MAX + 1)),
        "a=(" + " ".join("1" * (PARTS_MAX + 1)) + ")",
        "a" + "".join(f";k{number}" for number in range(PARTS_MAX + 1)),
        'a="' + "x" * 9000 + '"',
        "a=" + "(" * 8000,
    ],
)
def test_what_is_too_much_is_refused(text: str) -> None:
    with pytest.raises(NotUnderstood):
        read_dictionary(text)


def test_nothing_is_an_empty_dictionary() -> None:
    assert read_dictionary("") == {}


def test_booleans_are_written_short() -> None:
    assert str(Item(value=True, parameters={"b": True, "c": False})) == "?1;b;c=?0"


def assert_read_as_by_another_or_refused(text: str) -> None:
    try:
        members = read_dictionary(text)
    except NotUnderstood:
        return

    assert {key: _plain(member) for key, member in members.items()} == _oracle(text)


def _oracle(text: str) -> dict[str, Any]:
    parsed: Any = http_sf.parse(text.encode(), tltype="dictionary")
    return {key: _foreign(value) for key, value in parsed.items()}


def _foreign(member: Any) -> object:  # noqa: ANN401 - as the other reader gives it
    value, params = member
    named = [(key, _typed(each)) for key, each in params.items()]
    if isinstance(value, list):
        return ([_foreign(each) for each in value], named)
    return (_typed(value), named)


def _plain(member: Member) -> object:
    named = _plain_parameters(member.parameters)
    if isinstance(member, InnerList):
        return ([_plain(item) for item in member.items], named)
    return (_typed(member.value), named)


def _plain_parameters(given_: Parameters) -> list[tuple[str, object]]:
    return [(key, _typed(value)) for key, value in given_.items()]


def _typed(value: object) -> tuple[str, object]:
    """Return the value with its kind, for True is 1 and the other reader's tokens are texts."""
    if isinstance(value, Token) or type(value).__name__ == "Token":
        return ("token", getattr(value, "text", None) or str(value))
    return (type(value).__name__, value)
