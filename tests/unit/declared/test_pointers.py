"""JSON Pointers, with the examples of RFC 6901, 5."""

from typing import Any

import pytest

from plg.domain.records.declared.pointers import ABSENT, Pointer

DOCUMENT: dict[str, Any] = {
    "foo": ["bar", "baz"],
    "": 0,
    "a/b": 1,
    "c%d": 2,
    "e^f": 3,
    "g|h": 4,
    "i\\j": 5,
    'k"l': 6,
    " ": 7,
    "m~n": 8,
}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", DOCUMENT),
        ("/foo", ["bar", "baz"]),
        ("/foo/0", "bar"),
        ("/", 0),
        ("/a~1b", 1),
        ("/c%d", 2),
        ("/e^f", 3),
        ("/g|h", 4),
        ("/i\\j", 5),
        ('/k"l', 6),
        ("/ ", 7),
        ("/m~0n", 8),
    ],
)
def test_a_pointer_leads_to_its_place(text: str, value: object) -> None:
    assert Pointer.parse(text).of(DOCUMENT) == value


@pytest.mark.parametrize("text", ["/foo/2", "/foo/-", "/foo/01", "/foo/x", "/nothing", "//x"])
def test_what_is_not_there_is_absent(text: str) -> None:
    assert Pointer.parse(text).of(DOCUMENT) is ABSENT


@pytest.mark.parametrize("text", ["foo", "/~", "/~2", "/" + "x" * 200])
def test_what_is_no_pointer_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="must be a JSON Pointer"):
        Pointer.parse(text)
