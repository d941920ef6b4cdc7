"""What devices are called, and how they prove themselves."""

import hashlib
import hmac
from base64 import b64encode, urlsafe_b64decode
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plg.domain.devices.devices import (
    Device,
    checked_id,
    checked_name,
    checked_platform,
    is_device_id,
    key_of_secret,
    new_secret,
    scopes_under,
)
from plg.domain.devices.proofs import DeviceProof, proof_hash
from plg.domain.errors import InvalidParameter
from plg.domain.identity.access import DATA_SCOPES, Scope
from plg.domain.identity.accounts import Account, Email, Role

NOW = 1_700_000_000.0
NONCE = "0123456789abcdef"
KEY = key_of_secret("a-secret")
ACCOUNT = Account("A1", Email("ana@example.org"), None, Role.USER, True, False, NOW)
DEVICE = Device("till-0001", "A1", "Till", "android", DATA_SCOPES, "sealed", NOW)


def proof(timestamp: int = int(NOW), nonce: str = NONCE) -> DeviceProof:
    return DeviceProof(timestamp, nonce, proof_hash(KEY, DEVICE.id, timestamp, nonce))


@given(st.from_regex(r"[A-Za-z0-9._:-]{4,128}", fullmatch=True))
def test_letters_digits_and_four_marks_name_a_device(text: str) -> None:
    assert checked_id(text) == text


@pytest.mark.parametrize(
    "text", ["", "abc", "x" * 129, "a/bcd", "a bcd", "äbcde", "abcd\n", "a\x00bcd"]
)
def test_other_ids_are_refused(text: str) -> None:
    assert not is_device_id(text)
    with pytest.raises(InvalidParameter, match="4 to 128") as caught:
        checked_id(text)
    assert caught.value.parameter == "device_id"


def test_blanks_around_a_label_do_not_count() -> None:
    assert checked_name("  Till 4 ") == "Till 4"
    assert checked_platform(" iOS 19") == "iOS 19"


def test_a_device_needs_no_label() -> None:
    assert checked_name(None) is None
    assert checked_platform(None) is None


@pytest.mark.parametrize("text", ["", "  ", "x" * 101, "a\nb", "a\x85b", "a\ud800b"])
def test_labels_that_cannot_be_shown_are_refused(text: str) -> None:
    with pytest.raises(InvalidParameter, match="name m"):
        checked_name(text)
    with pytest.raises(InvalidParameter, match="platform m"):
        checked_platform(text)


def test_a_device_may_never_more_than_its_maker() -> None:
    assert scopes_under(frozenset(Scope)) == DATA_SCOPES
    assert scopes_under(frozenset({Scope.PLAYERS_READ, Scope.DEVICES_REGISTER})) == {
        Scope.PLAYERS_READ
    }
    assert scopes_under(frozenset({Scope.DEVICES_REGISTER})) == frozenset()


def test_a_device_may_never_more_than_its_account() -> None:
    device = replace(DEVICE, scopes=frozenset({Scope.ADMIN, Scope.PLAYERS_READ}))

    assert device.scopes_in(ACCOUNT) == {Scope.PLAYERS_READ}


def test_only_a_live_device_of_a_live_account_of_its_own_may_sign() -> None:
    assert DEVICE.may_sign(ACCOUNT)
    assert not replace(DEVICE, revoked_at=NOW).may_sign(ACCOUNT)
    assert not DEVICE.may_sign(replace(ACCOUNT, is_active=False))
    assert not DEVICE.may_sign(replace(ACCOUNT, id="A2"))


def test_a_device_is_seen_once_a_minute() -> None:
    minute = NOW // 60 * 60
    seen = DEVICE.seen(NOW)

    assert seen.last_seen_at == minute
    assert seen.seen(minute + 59.9) is seen
    assert seen.seen(minute + 60).last_seen_at == minute + 60
    assert seen.seen(NOW - 3600) is seen


def test_the_sealed_secret_is_not_shown() -> None:
    assert "sealed" not in repr(DEVICE)


def test_secrets_are_32_random_bytes() -> None:
    secret = new_secret()

    assert len(urlsafe_b64decode(secret + "=")) == 32
    assert new_secret() != secret


def test_the_text_of_the_secret_is_the_key_of_the_hmac() -> None:
    secret = "c2VjcmV0LW9mLTMyLWJ5dGVzLWFzLWJhc2U2NHVybCE"
    text = b"till-0001/1700000000/0123456789abcdef"
    expected = b64encode(hmac.new(secret.encode(), text, hashlib.sha256).digest()).decode()

    made = proof_hash(key_of_secret(secret), "till-0001", 1_700_000_000, "0123456789abcdef")

    assert made == expected


def test_a_proof_is_that_of_its_device_and_key_alone() -> None:
    assert proof().is_made_with(KEY, DEVICE.id)
    assert not proof().is_made_with(KEY, "till-0002")
    assert not proof().is_made_with(b"another", DEVICE.id)
    assert not replace(proof(), timestamp=int(NOW) + 1).is_made_with(KEY, DEVICE.id)
    assert not replace(proof(), nonce=NONCE[::-1]).is_made_with(KEY, DEVICE.id)


@pytest.mark.parametrize(
    ("off", "is_timely"), [(-300, True), (300, True), (-301, False), (301, False), (0, True)]
)
def test_a_timestamp_may_be_300_seconds_off(off: int, is_timely: bool) -> None:
    assert proof(int(NOW) + off).is_timely(NOW) is is_timely


@given(st.integers())
def test_no_timestamp_is_too_great_to_be_refused(timestamp: int) -> None:
    assert proof(timestamp).is_timely(NOW) is (abs(timestamp - int(NOW)) <= 300)


@given(st.integers(-300, 300))
def test_a_nonce_is_kept_longer_than_its_proof_counts(off: int) -> None:
    made = proof(int(NOW) + off)

    assert not made.is_timely(made.nonce_expires_at)


@given(st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=16, max_size=64))
def test_visible_ascii_is_a_nonce(nonce: str) -> None:
    assert proof(nonce=nonce).is_made_with(KEY, DEVICE.id)


@pytest.mark.parametrize(
    "nonce", ["", "x" * 15, "x" * 65, "x" * 15 + " ", "x" * 16 + "\n", "é" * 16]
)
def test_other_nonces_are_refused(nonce: str) -> None:
    with pytest.raises(InvalidParameter, match="16 to 64") as caught:
        proof(nonce=nonce)
    assert caught.value.parameter == "nonce"


@pytest.mark.parametrize("text", ["", "x", "A" * 44, "A" * 43, "-" * 43 + "=", "A" * 43 + "=\n"])
def test_what_is_no_base64_of_32_bytes_is_refused(text: str) -> None:
    with pytest.raises(InvalidParameter, match="44 characters") as caught:
        DeviceProof(int(NOW), NONCE, text)
    assert caught.value.parameter == "hmac_hash"
