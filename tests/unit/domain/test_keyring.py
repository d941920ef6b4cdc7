"""Keys are derived after RFC 5869, one for each purpose and secret."""

import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plg.domain.identity.keyring import Keyring, hkdf

SECRET = "correct horse battery staple, and more"
FORMER = "the one before it, which was as long as"


@pytest.mark.parametrize(
    ("secret", "salt", "info", "length", "expected"),
    [
        (
            "0b" * 22,
            "000102030405060708090a0b0c",
            "f0f1f2f3f4f5f6f7f8f9",
            42,
            "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865",
        ),
        (
            bytes(range(0x50)).hex(),
            bytes(range(0x60, 0xB0)).hex(),
            bytes(range(0xB0, 0x100)).hex(),
            82,
            (
                "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c"
                "59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71"
                "cc30c58179ec3e87c14c01d5c1f3434f1d87"
            ),
        ),
        (
            "0b" * 22,
            "",
            "",
            42,
            "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8",
        ),
    ],
    ids=["basic", "longer inputs and outputs", "no salt and info"],
)
def test_key_material_is_that_of_the_rfcs_examples(
    secret: str, salt: str, info: str, length: int, expected: str
) -> None:
    made = hkdf(
        bytes.fromhex(secret), salt=bytes.fromhex(salt), info=bytes.fromhex(info), length=length
    )

    assert made.hex() == expected


def test_more_key_material_than_the_rfc_allows_is_refused() -> None:
    assert len(hkdf(b"x", salt=b"", info=b"", length=255 * 32)) == 255 * 32
    with pytest.raises(ValueError, match="at most"):
        hkdf(b"x", salt=b"", info=b"", length=255 * 32 + 1)


def test_a_key_is_the_same_after_a_restart() -> None:
    assert Keyring(SECRET).derive("seal") == Keyring(SECRET).derive("seal")
    assert Keyring(SECRET).derive("seal").hex() == (
        "9e48379c74ffa6054fe69fd063a8226a13d51f73a10183949a3374d11bf4d5ec"
    )


@given(st.text(), st.text())
def test_each_purpose_has_a_key_of_its_own(one: str, other: str) -> None:
    keyring = Keyring(SECRET)

    assert (keyring.derive(one) == keyring.derive(other)) == (one == other)


@given(st.text(), st.text())
def test_each_secret_has_keys_and_an_id_of_its_own(one: str, other: str) -> None:
    first, second = Keyring(one), Keyring(other)

    assert (first.derive("seal") == second.derive("seal")) == (one == other)
    assert (first.pepper_id == second.pepper_id) == (one == other)


def test_a_digest_is_the_hmac_of_the_message_under_the_purposes_key() -> None:
    keyring = Keyring(SECRET)

    expected = hmac.new(keyring.derive("key"), b"message", hashlib.sha256).digest()

    assert keyring.digest("key", b"message") == expected


def test_a_former_secret_still_gives_its_keys() -> None:
    now, then = Keyring(SECRET, (FORMER,)), Keyring(FORMER)

    assert now.pepper_ids == (Keyring(SECRET).pepper_id, then.pepper_id)
    assert now.derive("seal", then.pepper_id) == then.derive("seal")
    assert now.digest("key", b"m", then.pepper_id) == then.digest("key", b"m")
    assert now.derive("seal") == now.derive("seal", now.pepper_id) != then.derive("seal")


def test_a_secret_that_is_named_twice_counts_once() -> None:
    assert Keyring(SECRET, (SECRET,)).pepper_ids == (Keyring(SECRET).pepper_id,)


def test_a_secret_that_is_not_set_gives_no_keys() -> None:
    keyring = Keyring(SECRET)

    with pytest.raises(KeyError):
        keyring.derive("seal", Keyring(FORMER).pepper_id)


def test_the_id_of_a_secret_is_eight_hexadecimal_digits_that_are_no_part_of_a_key() -> None:
    keyring = Keyring(SECRET)

    assert len(keyring.pepper_id) == 8
    assert len(bytes.fromhex(keyring.pepper_id)) == 4


def test_neither_secret_nor_keys_are_shown() -> None:
    keyring = Keyring(SECRET, (FORMER,))
    keyring.derive("seal")

    assert repr(keyring) == f"Keyring({keyring.pepper_id}, {Keyring(FORMER).pepper_id})"
    assert str(keyring) == f"{keyring}"
