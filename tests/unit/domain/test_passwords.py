"""Which passwords are taken."""

import string

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from plg.domain.errors import WeakPassword
from plg.domain.identity.accounts import Email, fold
from plg.domain.identity.common_passwords import PHRASES, WALKS, WORDS
from plg.domain.identity.passwords import LENGTH_MAX, LENGTH_MIN, check_password, normalized

EMAIL = Email("ana.lopez@example.org")
GOOD = "grumpy teapot sails north"
common = st.sampled_from(sorted(WORDS | PHRASES))


def refused(password: str, email: Email | None = None, name: str | None = None) -> str:
    """Return why the password is refused; empty where it is not."""
    try:
        check_password(password, email, name)
    except WeakPassword as refusal:
        return str(refusal)
    return ""


@pytest.mark.parametrize(
    "password",
    [
        GOOD,
        "zebra cloud pickle anvil",
        "k3Jf9sLq02mZxYv",
        "correcting horses with battery",
        "дорога к старому мосту",
        "雪が降る 静かな夜の古い駅で 待つ",
        "aaaaaaaaaa but then something else",
        "8317 4096 2258 7714",
        "🦊 🐢 🌵 🚲 🍋 🪁 🧦 🎻",
    ],
)
def test_words_of_ones_own_are_taken(password: str) -> None:
    assert refused(password, EMAIL, "Ana Lopez") == ""


@pytest.mark.parametrize(
    "password",
    [
        "password1234567",
        "passwordadminwelcome",
        "P@ssw0rd123456789",
        "Password2024!!!!",
        "qwertyuiopasdfgh",
        "1qaz2wsx3edc4rfv",
        "!QAZ@WSX#EDC$RFV",
        "1q2w3e4r5t6y7u8i",
        "1234qwerasdfzxcv",
        "correct horse battery staple",
        "CorrectHorseBatteryStaple!1",
        "iloveyousomuch!!",
        "letmeinletmein1",
        "dragonmonkeysunshine",
        "monday-tuesday-wednesday",
        "abc-def-ghi-jkl-mno",
        "January2025January",
        "zyxwvutsrqponmlk",
        "3141592653589793",
        "йцукенгшщзфывап",
        "\uff50\uff41\uff53\uff53\uff57\uff4f\uff52\uff441234567",
    ],
)
def test_what_is_guessed_first_is_refused(password: str) -> None:
    assert "common words, sequences" in refused(password)


@given(common, st.integers(0, 9), st.sampled_from("!.-_ "))
@example("password", 1, "!")
def test_a_common_word_is_not_made_good_by_padding(word: str, digit: int, end: str) -> None:
    password = word.capitalize() + str(digit)
    password += end * (LENGTH_MIN - len(password) + 1)
    assume(len(password) <= LENGTH_MAX)

    assert refused(password)


@given(st.text(string.ascii_letters + string.digits, min_size=1, max_size=14), st.integers(2, 40))
def test_a_short_piece_is_not_made_good_by_repeating_it(piece: str, times: int) -> None:
    password = (piece * (times + LENGTH_MIN))[: max(LENGTH_MIN * 2, len(piece) * times)]

    assert refused(password[:LENGTH_MAX])


@given(st.sampled_from([walk for walk in WALKS if len(walk) >= LENGTH_MIN]), st.data())
def test_a_walk_is_refused_from_anywhere_in_any_direction(walk: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(walk) - LENGTH_MIN))
    step = data.draw(st.sampled_from([1, -1]))

    assert refused(walk[start : start + LENGTH_MIN].upper()[::step])


@given(st.text(min_size=LENGTH_MIN, max_size=LENGTH_MAX).filter(lambda text: len(set(text)) < 5))
def test_few_different_characters_are_refused(password: str) -> None:
    assert refused(password)


@pytest.mark.parametrize(
    ("password", "name"),
    [
        ("ana.lopez@example.org", None),
        ("lopez.example.lopez.2", None),
        ("RumpelstiltskinAna1", "Rumpelstiltskin"),
        ("plg-lopez-plg-lopez", None),
    ],
)
def test_the_accounts_own_words_are_no_secret(password: str, name: str | None) -> None:
    assert "own name or address" in refused(password, EMAIL, name)
    assert "own name or address" not in refused(password)


@given(st.text(max_size=300), st.text(max_size=60))
def test_any_text_is_judged_and_a_refusal_does_not_repeat_it(password: str, name: str) -> None:
    reason = refused(password, EMAIL, name)

    assert len(fold(password)) < LENGTH_MIN or password not in reason


@pytest.mark.parametrize("length", [0, LENGTH_MIN - 1, LENGTH_MAX + 1])
def test_length_counts_characters(length: int) -> None:
    assert str(LENGTH_MAX if length else LENGTH_MIN) in refused("x" * length) or length < LENGTH_MIN


def test_the_shortest_and_the_longest_are_taken() -> None:
    varied = "".join(chr(0x4E00 + number * 7) for number in range(LENGTH_MAX + 1))

    assert refused(varied[:LENGTH_MIN]) == refused(varied[:LENGTH_MAX]) == ""
    assert f"at most {LENGTH_MAX}" in refused(varied)
    assert f"at least {LENGTH_MIN}" in refused(varied[: LENGTH_MIN - 1])


def test_a_composed_letter_is_one_character() -> None:
    assert normalized("e\u0301" * 3) == "\xe9" * 3


def test_half_of_a_character_is_refused() -> None:
    assert "Unicode" in refused(GOOD + "\ud800")


def test_the_lists_are_in_the_form_that_is_compared() -> None:
    for word in WORDS | PHRASES:
        assert word == fold(word).replace(" ", "")
