"""What an answer of the source means."""

import json

import pytest

from plg.application.ports.records.source import Fetched, NotModified
from plg.domain.errors import SourceBroken, SourceError, SourceFailed, SourceFault
from plg.domain.records.players import KillerBiId, Player
from tests.fakes.entries import ANA
from tests.integration.upstream.sources import Confirming, FixedSource, source_over

RECORD = b'{"killer_bi_id":"KB-000001","nick":"ana"}'


async def ask(
    body: bytes,
    key: KillerBiId = ANA,
    *,
    status: int = 200,
    headers: dict[str, str] | None = None,
    validator: str | None = None,
) -> Fetched[Player] | NotModified | None:
    return await source_over(FixedSource(body, status, headers)).fetch(key, validator)


async def document(body: bytes, key: KillerBiId = ANA) -> bytes | None:
    answer = await ask(body, key)
    return answer.record.document if isinstance(answer, Fetched) else None


@pytest.mark.parametrize(
    "body",
    [
        b"[" + RECORD + b"]",
        RECORD,
        b'{"results":[' + RECORD + b"]}",
        b'{"count":1,"next":null,"results":[' + RECORD + b"]}",
        b' \r\n\t[ {"killer_bi_id":"other"} , ' + RECORD + b" ] \n",
        b'[{"nick":"no key"},' + RECORD + b"]",
    ],
)
async def test_the_record_of_the_key_is_found(body: bytes) -> None:
    assert await document(body) == RECORD


@pytest.mark.parametrize(
    "body",
    [
        b"[]",
        b'{"results":[]}',
        b'[{"killer_bi_id":"kb-000001"}]',
        b'[{"killer_bi_id":"KB-000001 "}]',
        b'[{"killer_bi_id":null},{"killer_bi_id":true},{"killer_bi_id":["KB-000001"]},{}]',
        b'{"killer_bi_id":"other"}',
    ],
)
async def test_no_equal_item_is_no_match(body: bytes) -> None:
    assert await document(body) is None


@pytest.mark.parametrize("status", [404, 410])
async def test_not_found_and_gone_are_no_match(status: int) -> None:
    assert await ask(b"<h1>nothing here</h1>", status=status) is None


async def test_of_equal_items_the_first_is_the_match() -> None:
    second = RECORD.replace(b"ana", b"impostor")

    assert await document(b"[" + RECORD + b"," + second + b"]") == RECORD


@pytest.mark.parametrize(
    ("literal", "text"),
    [
        (b"12345", "12345"),
        (b"-7", "-7"),
        (b"123456789012345678901234567890", "123456789012345678901234567890"),
        (b'"12345"', "12345"),
        (b'"\\u004bB-1"', "KB-1"),
        (b'"a\\"b\\\\c"', 'a"b\\c'),
    ],
)
async def test_strings_and_integers_are_compared_as_text(literal: bytes, text: str) -> None:
    record = b'{"killer_bi_id":' + literal + b"}"

    assert await document(b"[" + record + b"]", KillerBiId(text)) == record


@pytest.mark.parametrize(
    ("literal", "text"), [(b"1.0", "1.0"), (b"1e3", "1e3"), (b"true", "true"), (b"null", "null")]
)
async def test_other_literals_are_no_keys(literal: bytes, text: str) -> None:
    assert await document(b'[{"killer_bi_id":' + literal + b"}]", KillerBiId(text)) is None


async def test_a_record_passes_through_to_the_last_digit() -> None:
    record = (
        b'{ "killer_bi_id" : "KB-000001", "a": 1.10, "b": 123456789012345678901234567890,\n'
        b'  "c": 1E+2, "d": -0, "e": "\\u00e9\\ud83d\\ude00", "f": {"x": [1.0, null]}, "a": 2 }'
    )

    assert await document(b"[" + record + b"]") == record


async def test_the_entity_tag_is_the_validator() -> None:
    answer = await ask(RECORD, headers={"ETag": 'W/"v1"'})

    assert isinstance(answer, Fetched)
    assert answer.validator == 'W/"v1"'


@pytest.mark.parametrize("etag", ['"' + "x" * 512 + '"', '"é"'])
async def test_an_entity_tag_that_cannot_be_kept_is_none(etag: str) -> None:
    answer = await ask(RECORD, headers={"ETag": etag})

    assert isinstance(answer, Fetched)
    assert answer.validator is None


async def test_304_confirms_what_the_validator_stands_for() -> None:
    assert await ask(b"", status=304, validator='"v1"') == NotModified('"v1"')


@pytest.mark.parametrize("etag", ['"v2"', 'W/"v2"', '"' + "x" * 600 + '"', "v1"])
async def test_304_for_another_entity_tag_confirms_nothing(etag: str) -> None:
    transport = Confirming(RECORD, etag)
    answer = await source_over(transport).fetch(ANA, '"v1"')

    assert isinstance(answer, Fetched)
    assert answer.record.document == RECORD
    assert ["if-none-match" in each.headers for each in transport.requests] == [True, False]


@pytest.mark.parametrize(
    ("validator", "etag"),
    [('"v1"', '"v1"'), ('W/"v1"', 'W/"v1"'), ('W/"v1"', '"v1"'), ('"v1"', 'W/"v1"')],
)
async def test_304_for_the_same_entity_tag_takes_one_call(validator: str, etag: str) -> None:
    transport = Confirming(RECORD, etag)

    assert await source_over(transport).fetch(ANA, validator) == NotModified(validator)
    assert len(transport.requests) == 1


async def test_304_without_a_validator_breaks_the_contract() -> None:
    with pytest.raises(SourceBroken) as caught:
        await ask(b"", status=304)

    assert (caught.value.fault, caught.value.status) == (SourceFault.CONTENT, 304)


@pytest.mark.parametrize(
    "media_type", ["application/json", "Application/JSON; charset=utf-8", "application/hal+json"]
)
async def test_json_by_any_name_is_read(media_type: str) -> None:
    assert isinstance(await ask(RECORD, headers={"Content-Type": media_type}), Fetched)


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        (b"", SourceFault.JSON),
        (b"   ", SourceFault.JSON),
        (b"[", SourceFault.JSON),
        (b"[]x", SourceFault.JSON),
        (b"{'a': 1}", SourceFault.JSON),
        (b'[{"killer_bi_id":"\\ud800"}]', SourceFault.JSON),
        (b'[{"killer_bi_id":"KB-000001","n":01}]', SourceFault.JSON),
        (b"\xef\xbb\xbf[]", SourceFault.JSON),
        ("[]".encode("utf-16"), SourceFault.JSON),
        (b'[{"nick":"\xff"}]', SourceFault.JSON),
        (b'{"results":[{"nick":"\xed\xa0\x80"}]}', SourceFault.JSON),
        (b"42", SourceFault.SHAPE),
        (b"null", SourceFault.SHAPE),
        (b'"KB-000001"', SourceFault.SHAPE),
        (b"{}", SourceFault.SHAPE),
        (b'{"error":"oops"}', SourceFault.SHAPE),
        (b'{"results":{}}', SourceFault.SHAPE),
        (b'{"results":null}', SourceFault.SHAPE),
        (b"[1]", SourceFault.SHAPE),
        (b"[[]]", SourceFault.SHAPE),
        (b"[null]", SourceFault.SHAPE),
    ],
)
async def test_each_broken_answer_is_told_apart(body: bytes, fault: SourceFault) -> None:
    with pytest.raises(SourceBroken) as caught:
        await ask(body)

    assert caught.value.fault is fault


def nested(levels: int, opening: bytes = b"[", closing: bytes = b"]") -> bytes:
    """Give a record that nests so deep, itself and its list included."""
    inner = opening * (levels - 2) + closing * (levels - 2)
    return b'[{"killer_bi_id":"KB-000001","n":' + (inner or b"0") + b"}]"


async def test_64_levels_are_read() -> None:
    assert await document(nested(64)) is not None


@pytest.mark.parametrize("levels", [65, 1000, 100_000])
async def test_deeper_nesting_breaks_the_contract(levels: int) -> None:
    with pytest.raises(SourceBroken) as caught:
        await ask(nested(levels))

    assert caught.value.fault is SourceFault.JSON


async def test_many_objects_side_by_side_are_not_deep() -> None:
    items = b",".join([b'{"killer_bi_id":"x","n":[[]]}'] * 1000)

    assert await document(b"[" + items + b"," + RECORD + b"]") == RECORD


async def test_brackets_in_texts_are_not_deep() -> None:
    record = json.dumps({"killer_bi_id": ANA.value, "n": '["\\[{' * 200}).encode()

    assert await document(record) == record


@pytest.mark.parametrize("status", [201, 204, 206, 301, 302, 307, 400, 401, 403, 429, 500, 503])
async def test_any_other_status_is_a_failure(status: int) -> None:
    with pytest.raises(SourceFailed) as caught:
        await ask(RECORD, status=status)

    assert caught.value.status == status


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("0", 0),
        ("120", 120),
        ("Tue, 14 Nov 2023 22:14:20 GMT", 60),
        ("Tuesday, 14-Nov-23 22:14:20 GMT", 60),
        ("Tue, 14 Nov 2023 22:00:00 GMT", 0),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("99999999999999999999", None),
        ("Tue, 99 Nov 2023 22:14:20 GMT", None),
        ("²", None),
    ],
)
async def test_retry_after_is_read_in_both_forms(value: str, seconds: float | None) -> None:
    with pytest.raises(SourceError) as caught:
        await ask(b"", status=503, headers={"Retry-After": value})

    assert caught.value.retry_after == seconds
