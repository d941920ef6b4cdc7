"""What one answer of a source shows of its records."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from plg.domain.records.declared.keys import Fold, KeyType
from plg.domain.records.declared.pointers import Pointer
from plg.domain.records.declared.schemas import schema_of
from plg.domain.records.declared.sightings import Sighting, find_record

BOLT = {"id": "AB-1", "name": "Bolt", "price": 1.25}

scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)
records = st.dictionaries(st.text(), values, max_size=6)


def seen(answer: object, key: str = "AB-1", name: str = "sku") -> Sighting:
    sighting = find_record(answer, key, name)
    assert sighting is not None
    return sighting


def found(answer: object, key: str = "AB-1", name: str = "sku") -> tuple[str, str | None]:
    sighting = seen(answer, key, name)
    return sighting.record.text, None if sighting.match is None else sighting.match.text


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (BOLT, ("", "/id")),
        ({"data": BOLT}, ("/data", "/id")),
        ([{"id": "AB-0"}, BOLT], ("", "/id")),
        ({"page": 1, "result": {"items": [BOLT]}}, ("/result/items", "/id")),
        ({"a/b": {"~": BOLT}}, ("/a~1b/~0", "/id")),
        ({"asked": {"sku": "AB-1"}, "found": BOLT}, ("/found", "/id")),
        ({"data": {**BOLT, "parent": {"id": "AB-1"}}}, ("/data", "/id")),
    ],
)
def test_the_outermost_object_that_has_the_key_is_the_record(
    answer: object, expected: tuple[str, str]
) -> None:
    assert found(answer) == expected


@pytest.mark.parametrize(
    ("record", "match"),
    [
        ({"name": "AB-1", "Sku": "AB-1", "id": "AB-1"}, "/Sku"),
        ({"name": "AB-1", "id": "AB-1"}, "/id"),
        ({"name": "AB-1", "title": "AB-1"}, "/name"),
        ({"sku": "ab-1", "name": "AB-1"}, "/name"),
    ],
)
def test_the_member_named_as_the_key_is_preferred(record: object, match: str) -> None:
    assert found(record) == ("", match)


@pytest.mark.parametrize(
    ("answer", "record"),
    [
        ({"name": "Bolt"}, ""),
        ({"data": {"name": "Bolt", "size": 1}}, "/data"),
        ({"data": {"item": {"name": "Bolt", "size": 1}}}, "/data/item"),
        ([1, 2], ""),
    ],
)
def test_without_the_key_the_record_is_what_the_only_member_has(
    answer: object, record: str
) -> None:
    assert found(answer) == (record, None)


@pytest.mark.parametrize("answer", [None, []])
def test_an_answer_without_a_record_shows_none(answer: object) -> None:
    assert find_record(answer, "AB-1", "sku") is None


@pytest.mark.parametrize(
    ("member", "key", "expected"),
    [
        (42, "42", (Fold.NONE, KeyType.INTEGER)),
        ("42", "42", (Fold.NONE, KeyType.TEXT)),
        ("AB-1", "ab-1", (Fold.UPPER, KeyType.TEXT)),
        ("ab-1", "AB-1", (Fold.LOWER, KeyType.TEXT)),
    ],
)
def test_the_member_shows_what_keys_are(
    member: str | int, key: str, expected: tuple[Fold, KeyType]
) -> None:
    sighting = seen({"id": member}, key)

    assert (sighting.fold, sighting.type) == expected


@given(
    records,
    st.lists(st.text(max_size=8), max_size=4),
    st.text("ABCDEF0123456789", min_size=1, max_size=8),
)
def test_what_is_found_stands_where_the_pointers_lead(
    record: dict[str, Any], path: list[str], key: str
) -> None:
    answer: object = {**record, "sku": key}
    for step in reversed(path):
        answer = {step: answer}
    sighting = seen(answer, key)

    assert sighting.match is not None
    value = sighting.record.of(answer)
    assert sighting.value == value or sighting.value in value
    assert sighting.fold(str(sighting.match.of(sighting.value))) == sighting.fold(key)
    assert Pointer.parse(sighting.record.text) == sighting.record


@given(records)
def test_a_record_meets_its_own_schema(record: dict[str, Any]) -> None:
    schema = schema_of(record, "things", tuple(record)[:1])

    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(record)


def test_a_schema_says_what_an_example_shows_and_no_more() -> None:
    record = {"id": 1, "price": 2.5, "gone": None, "sizes": [1, 2.5], "parts": [{"a": 1}, {}]}

    schema = schema_of(record, "things", ("id",))
    del schema["$schema"]

    assert schema == {
        "title": "things",
        "type": "object",
        "properties": {
            "id": {"type": "integer"},
            "price": {"type": "number"},
            "gone": {},
            "sizes": {"type": "array", "items": {"type": "number"}},
            "parts": {
                "type": "array",
                "items": {"type": "object", "properties": {"a": {"type": "integer"}}},
            },
        },
        "required": ["id"],
    }
