"""A declared record in an answer of its source."""

from urllib.parse import unquote, urlsplit

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from plg.adapters.encoding.declared import JsonDeclaredEncoder
from plg.adapters.upstream.client import SourceClient
from plg.adapters.upstream.declared import HttpDeclaredSource
from plg.adapters.upstream.declared_documents import find_document
from plg.adapters.upstream.retries import Retries
from plg.domain.errors import InvalidParameter, SourceBroken
from plg.domain.records.declared.keys import DeclaredKey, Fold, KeyRule
from plg.domain.records.declared.pointers import WHOLE, Pointer
from plg.domain.records.declared.records import DeclaredRecord
from plg.domain.records.declared.resources import AnswerForm, HttpLookup
from tests.fakes.clock import StoppedClock

RULE = KeyRule("sku", fold=Fold.UPPER)
KEY = DeclaredKey("AB-1")
ID = Pointer(("id",))
DATA = Pointer(("data",))


def found(body: bytes, record: Pointer = WHOLE, match: Pointer | None = ID) -> bytes | None:
    return find_document(body, KEY, RULE, record, match)


@pytest.mark.parametrize(
    ("body", "record", "match", "document"),
    [
        (b' {"id": "ab-1", "n": 1.10} ', WHOLE, ID, b'{"id": "ab-1", "n": 1.10}'),
        (b'{"data": {"id": "AB-1"}}', DATA, ID, b'{"id": "AB-1"}'),
        (b'[{"id": "x"}, {"id": "Ab-1"}, {"id": "AB-1"}]', WHOLE, ID, b'{"id": "Ab-1"}'),
        (b'{"x": [0, {"id": "AB-1"}]}', Pointer(("x", "1")), ID, b'{"id": "AB-1"}'),
        (b'[{"a": {"id": "AB-1"}}]', WHOLE, Pointer(("a", "id")), b'{"a": {"id": "AB-1"}}'),
        (b'{"anything": true}', WHOLE, None, b'{"anything": true}'),
        (b"[1, 2]", WHOLE, None, b"[1, 2]"),
        (b"7", WHOLE, None, b"7"),
    ],
)
def test_the_record_is_found_as_it_was_sent(
    body: bytes, record: Pointer, match: Pointer | None, document: bytes
) -> None:
    assert found(body, record, match) == document


@pytest.mark.parametrize(
    ("body", "record"),
    [
        (b"[]", WHOLE),
        (b"null", WHOLE),
        (b'{"data": null}', DATA),
        (b'{"data": []}', DATA),
        (b'[{"id": "other"}, {"id": null}, {}, 5, [1], {"id": 1.0}]', WHOLE),
    ],
)
def test_what_has_no_such_record_is_no_match(body: bytes, record: Pointer) -> None:
    assert found(body, record) is None


def test_an_empty_list_is_no_match_where_nothing_is_compared() -> None:
    assert found(b"[]", WHOLE, None) is None


@pytest.mark.parametrize(
    ("body", "record"),
    [
        (b"", WHOLE),
        (b"{", WHOLE),
        (b'{"id": "AB-1"} x', WHOLE),
        (b"\xff", WHOLE),
        (b"[" * 100 + b"]" * 100, WHOLE),
        (b'{"other": {}}', DATA),
        (b'{"id": "other"}', WHOLE),
        (b"{}", WHOLE),
        (b'"AB-1"', WHOLE),
    ],
)
def test_what_breaks_the_contract_is_told_so(body: bytes, record: Pointer) -> None:
    with pytest.raises(SourceBroken):
        found(body, record)


@given(st.text(max_size=128))
def test_no_key_leaves_its_place_in_the_address(text: str) -> None:
    try:
        key = KeyRule("key").parse(text)
    except InvalidParameter:
        return
    for template in ("/items/{key}", "/find?key={key}&x=1"):
        target = source(template).lookup.target_of(key.value)
        parts = urlsplit(f"http://a.test{target}")

        assert target.isascii()
        assert (parts.netloc, parts.fragment) == ("a.test", "")
        if template.startswith("/items"):
            assert parts.path.count("/") == 2
            assert unquote(parts.path.removeprefix("/items/")) == key.value
            assert parts.query == ""
        else:
            assert parts.path == "/find"
            assert [unquote(each) for each in parts.query.split("&")] == [f"key={key.value}", "x=1"]


def test_an_envelope_says_key_record_and_when_it_was_fetched() -> None:
    record = DeclaredRecord(KEY, b'{"n":1.10}')
    encoder = JsonDeclaredEncoder(AnswerForm.ENVELOPE, "sku")

    assert encoder.encode(record, 0.0).body == (
        b'{"sku":"AB-1","data":{"n":1.10},"synced_at":"1970-01-01T00:00:00.000Z"}'
    )


def test_a_record_is_answered_as_the_source_sent_it() -> None:
    record = DeclaredRecord(KEY, b'{ "n": 1.10 }')

    assert JsonDeclaredEncoder(AnswerForm.RECORD, "sku").encode(record, 0.0).body == record.document


def source(target: str) -> HttpDeclaredSource:
    transport = httpx.MockTransport(lambda _request: httpx.Response(200))
    client = SourceClient(transport, "http://a.test", headers={}, attempt_seconds=1)
    clock = StoppedClock()
    return HttpDeclaredSource(client, Retries(0), clock, HttpLookup(target), KeyRule("key"))
