"""What is sealed opens with the same secret and context, and with nothing else."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plg.adapters.crypto.sealing import AesSeal
from plg.domain.errors import SealBroken
from plg.domain.identity.keyring import Keyring

KEYRING = Keyring("the secret of this installation")
SEAL = AesSeal(KEYRING)
CLEAR = b"the secret of a device"


@given(st.binary(), st.text())
def test_what_is_sealed_opens_again(clear: bytes, context: str) -> None:
    assert SEAL.open(SEAL.seal(clear, context), context) == clear


@given(st.text(), st.text())
def test_it_opens_in_its_own_context_only(sealed_for: str, opened_for: str) -> None:
    sealed = SEAL.seal(CLEAR, sealed_for)

    if sealed_for == opened_for:
        assert SEAL.open(sealed, opened_for) == CLEAR
    else:
        with pytest.raises(SealBroken):
            SEAL.open(sealed, opened_for)


@given(st.integers(0, 49), st.integers(1, 255))
def test_a_change_of_any_byte_is_found(place: int, change: int) -> None:
    sealed = SEAL.seal(CLEAR, "device:1")
    head, text = sealed.rsplit(".", 1)
    raw = bytearray(base64.urlsafe_b64decode(text))
    raw[place] ^= change

    with pytest.raises(SealBroken, match="changed"):
        SEAL.open(f"{head}.{base64.urlsafe_b64encode(raw).decode()}", "device:1")


@given(st.text())
def test_any_other_text_opens_nothing(text: str) -> None:
    with pytest.raises(SealBroken):
        SEAL.open(text, "device:1")


@pytest.mark.parametrize("text", ["A", "AAAA", "A" * 20, "A" * 40])
def test_too_short_a_text_opens_nothing(text: str) -> None:
    with pytest.raises(SealBroken, match="changed"):
        SEAL.open(f"v1.{KEYRING.pepper_id}.{text}", "device:1")


def test_the_same_twice_is_sealed_differently() -> None:
    assert SEAL.seal(CLEAR, "device:1") != SEAL.seal(CLEAR, "device:1")


def test_the_sealed_text_names_the_secret_and_not_what_is_sealed() -> None:
    sealed = SEAL.seal(CLEAR, "device:1")

    assert sealed.startswith(f"v1.{KEYRING.pepper_id}.")
    assert CLEAR not in base64.urlsafe_b64decode(sealed.rsplit(".", 1)[1])


def test_after_a_change_of_secret_it_opens_while_the_former_is_named() -> None:
    sealed = SEAL.seal(CLEAR, "device:1")
    changed = AesSeal(Keyring("a new one", ("the secret of this installation",)))

    assert changed.open(sealed, "device:1") == CLEAR
    assert SEAL.is_current(sealed)
    assert not changed.is_current(sealed)


def test_without_the_former_secret_it_says_which_one_is_missing() -> None:
    sealed = SEAL.seal(CLEAR, "device:1")

    with pytest.raises(SealBroken, match=f"{KEYRING.pepper_id}: set it in SECRET_KEY_PREVIOUS"):
        AesSeal(Keyring("a new one")).open(sealed, "device:1")


def test_what_was_sealed_under_each_secret_is_known_by_its_beginning() -> None:
    earlier = Keyring("an earlier secret of this installation")
    later = AesSeal(Keyring("a later secret", ("an earlier secret of this installation",)))

    sealed = [later.seal(CLEAR, "x"), AesSeal(earlier).seal(CLEAR, "x")]
    assert [text.startswith(prefix) for text in sealed for prefix in later.prefixes] == [
        True,
        False,
        False,
        True,
    ]
