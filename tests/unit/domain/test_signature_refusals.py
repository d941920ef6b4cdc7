"""What the gateway does not understand of a signature, it refuses."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plg.domain.devices.signatures import Signature
from plg.domain.errors import InvalidCredential
from tests.fakes.signing import COVERED, Outgoing
from tests.unit.domain.signed_messages import (
    AUTHORITY,
    DEVICE,
    NONCE,
    signed,
    verify,
    with_field,
    with_input,
)


@pytest.mark.parametrize(
    ("change", "to", "why"),
    [
        (r";created=\d+", "", "created must be there"),
        (r";created=\d+", ';created="1"', "created must be there"),
        (r";created=\d+", ";created", "created must be there"),
        (r";expires=\d+", "", "expires must be there"),
        (r";nonce=\"\w+\"", "", "nonce must be there"),
        (NONCE, "short", "nonce must have 16 to 64"),
        (NONCE, "with a blank inside", "nonce must have 16 to 64"),
        (r";keyid=\"[^\"]+\"", "", "keyid must be there"),
        (DEVICE, "a/b/c/d", "keyid must be a device id"),
        ("hmac-sha256", "rsa-v1_5-sha256", "alg must be hmac-sha256"),
        ("$", ";later=1", "unknown parameter later"),
        (r'"@query"', '"@query";req', "cannot be covered"),
        (r'"@query"', '"@query" "@query"', "once"),
        (r'"@query"', '"@query" "@query-param";name="x"', "cannot be covered"),
        (r'"@query"', '"@query" "@target-uri"', "cannot be covered"),
        (r'"@query"', '"@query" "@signature-params"', "cannot be covered"),
        (r'"@query"', '"@query" "Date"', "cannot be covered"),
        (r'"@query"', '"@query" date', "cannot be covered"),
        (r'"@query"', '"@query" "date";sf', "cannot be covered"),
        (r'"@query"', '"@query" ""', "cannot be covered"),
        (r'"@query"', '"@query" "date"', "was not sent"),
        (r"$", ', b=("@method")', "one signature"),
        (r"^\w+=", "another=", "one signature"),
        (r"^.*$", "pyhms=1", "list of covered components"),
        (r"^.*$", "pyhms", "list of covered components"),
        (r"^.*$", "", "one signature"),
        (r"^.*$", "((", "cannot be read"),
    ],
)
def test_what_is_not_understood_is_refused(change: str, to: str, why: str) -> None:
    with pytest.raises(InvalidCredential, match=why):
        verify(with_input(change, to))


def test_more_than_32_components_are_refused() -> None:
    names = " ".join(f'"x-{number}"' for number in range(29))

    with pytest.raises(InvalidCredential, match="at most 32"):
        verify(with_input('"@query"', f'"@query" {names}'))


def test_alg_may_be_left_out() -> None:
    message = with_input(';alg="hmac-sha256"', "")

    assert Signature.of(message).key_id == DEVICE


@pytest.mark.parametrize("value", ["pyhms=1", "pyhms=(:YQ==:)", "pyhms", 'pyhms="YQ=="'])
def test_a_signature_is_a_byte_sequence(value: str) -> None:
    with pytest.raises(InvalidCredential, match="byte sequence"):
        verify(with_field(signed(), "signature", value))


@pytest.mark.parametrize("name", ["signature", "signature-input"])
def test_half_a_signature_is_refused(name: str) -> None:
    message = signed()
    fields = {each: value for each, value in message.fields.items() if each != name}

    with pytest.raises(InvalidCredential, match="only in part"):
        verify(replace(message, fields=fields))


@pytest.mark.parametrize(
    "changed",
    [
        {"path": "/a b"},
        {"path": "/\xff"},
        {"query": "a\nb"},
        {"method": "GET\n"},
    ],
)
def test_what_is_no_visible_ascii_is_not_signed(changed: dict[str, str]) -> None:
    message = replace(signed(), **changed)  # type: ignore[arg-type]

    with pytest.raises(InvalidCredential, match="visible ASCII"):
        verify(message)


@pytest.mark.parametrize("value", ["\xe9", "a\rb", "\x00"])
def test_a_covered_field_is_ascii(value: str) -> None:
    sent = Outgoing("GET", f"http://{AUTHORITY}/", {"Date": "x"})
    message = signed(sent, covered=(*COVERED, "date"))

    with pytest.raises(InvalidCredential, match="visible ASCII"):
        verify(with_field(message, "date", value))


@given(
    st.text(st.characters(min_codepoint=1, max_codepoint=255), max_size=80),
    st.text(st.characters(min_codepoint=1, max_codepoint=255), max_size=80),
)
def test_any_fields_are_a_signature_or_refused(given_input: str, value: str) -> None:
    message = replace(signed(), fields={"signature-input": given_input, "signature": value})
    with pytest.raises(InvalidCredential):
        verify(message)
