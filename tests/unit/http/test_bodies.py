"""JSON bodies become values, or a sentence that names the member."""

from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

from plg.domain.errors import InvalidParameter, InvalidRequest
from plg.entrypoints.http.protocol.bodies import UnsupportedMediaType, body_of


class Inner(msgspec.Struct, forbid_unknown_fields=True):
    rate: int | None = None


class Wanted(msgspec.Struct, forbid_unknown_fields=True):
    name: str
    inner: Inner | None = None


class Nothing(msgspec.Struct, forbid_unknown_fields=True):
    grace: int = 7


def scope(body: bytes, content_type: bytes | None = b"application/json") -> dict[str, Any]:
    fields = {} if content_type is None else {b"content-type": content_type}
    return {"plg.exchange": SimpleNamespace(body=body, fields=fields)}


@pytest.mark.parametrize(
    "content_type",
    [b"application/json", b"application/json; charset=utf-8", b"Application/JSON ;charset=UTF-8"],
)
def test_a_body_becomes_a_value(content_type: bytes) -> None:
    body = b'{"name": "ana", "inner": {"rate": 3}}'

    assert body_of(scope(body, content_type), Wanted) == Wanted("ana", Inner(3))


@pytest.mark.parametrize(
    "content_type", [None, b"", b"text/plain", b"application/jsonp", b"text/json"]
)
def test_a_body_of_another_type_is_refused(content_type: bytes | None) -> None:
    with pytest.raises(UnsupportedMediaType):
        body_of(scope(b'{"name": "ana"}', content_type), Wanted)


@pytest.mark.parametrize(
    ("body", "parameter"),
    [
        (b"{}", "name"),
        (b'{"name": 3}', "name"),
        (b'{"name": null}', "name"),
        (b'{"name": "a", "nmae": 1}', "nmae"),
        (b'{"name": "a", "inner": {"rate": "x"}}', "inner.rate"),
        (b'{"name": "a", "inner": {"limit": 1}}', "inner.limit"),
        (b'{"name": "a", "inner": []}', "inner"),
    ],
)
def test_a_member_that_cannot_be_used_is_named(body: bytes, parameter: str) -> None:
    with pytest.raises(InvalidParameter) as caught:
        body_of(scope(body), Wanted)

    assert caught.value.parameter == parameter
    assert f"The member {parameter} " in str(caught.value)
    assert "`" not in str(caught.value)
    assert "$" not in str(caught.value)


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"3", b"null", b'{"name": "\xff"}', b'{"name": "\\ud800"}', b"[" * 9999],
)
def test_what_is_no_json_object_is_refused(body: bytes) -> None:
    with pytest.raises(InvalidRequest) as caught:
        body_of(scope(body), Wanted)

    assert "JSON object" in str(caught.value)


def test_an_optional_body_may_be_missing() -> None:
    assert body_of(scope(b"", None), Nothing, optional=True) == Nothing()


def test_an_optional_body_that_is_there_is_read() -> None:
    assert body_of(scope(b'{"grace": 0}'), Nothing, optional=True) == Nothing(0)
