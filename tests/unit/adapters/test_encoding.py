"""Records as JSON."""

import json
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from plg.adapters.encoding.players import JsonPlayerEncoder
from plg.adapters.encoding.representations import rfc3339, strong_etag
from plg.domain.records.entries import Representation
from plg.domain.records.players import KillerBiId, Player
from tests.fakes.clock import NOON

documents = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc"), inner, max_size=3),
    max_leaves=8,
)


def encode(document: bytes, at: float = NOON, key: str = "KB-1") -> Representation:
    return JsonPlayerEncoder().encode(Player(KillerBiId(key), document), at)


def test_a_player_has_four_members() -> None:
    document = b'{"killer_bi_id": 7, "nick": "ana"}'

    assert json.loads(encode(document, key="7").body) == {
        "killer_bi_id": "7",
        "nick": "ana",
        "big_payload": {"killer_bi_id": 7, "nick": "ana"},
        "synced_at": "2023-11-14T22:13:20.000Z",
    }


def test_the_document_is_there_byte_by_byte() -> None:
    document = b'{ "n": 1.10,\t"big": 9007199254740993, "e": 1E400, "dup": 1, "dup": 2 }'

    assert document in encode(document).body


def test_a_player_without_a_nick_has_null() -> None:
    assert json.loads(encode(b"{}").body)["nick"] is None


def test_a_nick_that_is_no_text_passes_through() -> None:
    assert b'"nick":1.50,' in encode(b'{"nick":1.50}').body


@given(documents)
def test_what_is_encoded_is_json_with_the_same_document(document: object) -> None:
    text = json.dumps({"x": document}).encode()

    assert json.loads(encode(text).body)["big_payload"] == {"x": document}


@given(st.binary(), st.binary())
def test_tags_are_equal_exactly_when_the_bytes_are(one: bytes, other: bytes) -> None:
    assert (strong_etag(one) == strong_etag(other)) == (one == other)


def test_a_tag_is_written_with_its_quotes() -> None:
    tag = strong_etag(b"body")

    assert (tag[:1], tag[-1:], tag[1:-1].isascii(), len(tag)) == (b'"', b'"', True, 18)


def test_the_same_record_at_the_same_instant_is_the_same_bytes() -> None:
    assert encode(b'{"nick":"a"}') == encode(b'{"nick":"a"}')


@given(st.floats(0, 4e9))
def test_an_instant_is_told_to_the_millisecond(instant: float) -> None:
    told = datetime.fromisoformat(rfc3339(instant))

    assert told.tzinfo == UTC
    assert abs(told.timestamp() - instant) < 0.001001
