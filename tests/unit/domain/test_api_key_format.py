"""What an API key looks like."""

import re
import zlib

from hypothesis import given
from hypothesis import strategies as st

from plg.domain.identity.api_key_format import PATTERN, checksum, new_secret, parse

DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
KEY = new_secret().reveal()


def test_a_new_key_is_in_the_documented_form() -> None:
    assert re.fullmatch(PATTERN, KEY)
    assert re.fullmatch(r"plg_live_[0-9A-Za-z]{8}[0-9A-Za-z]{32}[0-9A-Za-z]{6}", KEY)


def test_a_new_key_can_be_read() -> None:
    made = new_secret()

    assert parse(made.reveal()) == parse(made.text) == made


def test_no_two_new_keys_are_alike() -> None:
    assert len({new_secret().reveal() for _ in range(1000)}) == 1000


def test_the_public_part_is_the_first_eight_characters() -> None:
    made = new_secret()

    assert made.prefix == made.reveal()[:17] == f"plg_live_{made.public}"


@given(st.binary(max_size=64))
def test_the_checksum_is_the_crc_32_in_six_digits(body: bytes) -> None:
    digits = checksum(body).decode()
    number = 0
    for digit in digits:
        number = number * 62 + DIGITS.index(digit)

    assert (len(digits), number) == (6, zlib.crc32(body))


def test_a_known_key_has_a_known_checksum() -> None:
    assert checksum(b"plg_live_" + b"0" * 40) == b"3kfFl1"


def test_a_small_checksum_is_padded_with_zeros() -> None:
    assert checksum(b"") == b"000000"


@given(st.integers(0, len(KEY) - 1), st.sampled_from(DIGITS))
def test_a_key_with_one_wrong_character_is_none(place: int, digit: str) -> None:
    changed = KEY[:place] + digit + KEY[place + 1 :]

    assert (parse(changed) is None) == (changed != KEY)


def test_what_is_in_another_form_is_none() -> None:
    texts = ["", "plg_live_", KEY[:-1], KEY + "0", f" {KEY}", f"{KEY}\n", KEY.upper(),
             "plg_test_" + KEY[9:],
             KEY.replace("plg", "pl\u0261"), KEY[:-1] + "\u0660", KEY[:-1] + "\ud800"]  # fmt: skip

    assert [text for text in texts if parse(text) is not None] == []


@given(st.binary(max_size=80))
def test_any_bytes_can_be_asked_about(text: bytes) -> None:
    assert parse(text) is None


def test_a_key_does_not_show_its_secret() -> None:
    made = new_secret()

    assert made.reveal()[17:] not in f"{made!r} {made}"
