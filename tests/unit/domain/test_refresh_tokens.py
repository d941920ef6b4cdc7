"""A refresh token is checked by its form and MAC, before anything is looked up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plg.domain.identity.access import DATA_SCOPES
from plg.domain.identity.keyring import Keyring
from plg.domain.identity.refresh_tokens import make_token, newest_token, read_token, token_digest
from plg.domain.identity.sessions import Session
from plg.domain.ids import new_id
from tests.fakes.clock import NOON

KEYRING = Keyring("the secret of this installation")
FAMILY = "01JDG7Q4X2ZC8M5W9K3T6V1B0N"
generations = st.integers(0, 999_999_999)


def session(generation: int, keyring: Keyring = KEYRING) -> Session:
    digest = token_digest(make_token(FAMILY, generation, keyring), keyring)
    return Session(FAMILY, "account", DATA_SCOPES, NOON, NOON + 10, digest, generation, NOON)


@given(generations)
def test_a_token_that_was_made_is_read(generation: int) -> None:
    token = make_token(new_id(NOON), generation, KEYRING)

    assert read_token(token.text, KEYRING) == token


@given(generations)
def test_the_same_token_is_made_again(generation: int) -> None:
    assert make_token(FAMILY, generation, KEYRING) == make_token(FAMILY, generation, KEYRING)


@given(generations, generations)
def test_each_generation_has_a_proof_of_its_own(one: int, other: int) -> None:
    proofs = {make_token(FAMILY, each, KEYRING).text[-43:] for each in (one, other)}

    assert len(proofs) == len({one, other})


@given(generations, st.integers(0, 80), st.characters())
def test_a_change_of_any_letter_is_found(generation: int, place: int, letter: str) -> None:
    text = make_token(FAMILY, generation, KEYRING).text
    place %= len(text)
    changed = f"{text[:place]}{letter}{text[place + 1 :]}"

    assert (read_token(changed, KEYRING) is None) == (changed != text)


@given(st.text() | st.from_regex(r"plg_rt_[0-9A-Z]{26}_[0-9]+_[A-Za-z0-9_-]{43}", fullmatch=True))
def test_any_other_text_is_no_token(text: str) -> None:
    assert read_token(text, KEYRING) is None


@pytest.mark.parametrize(
    ("later", "is_repeat"), [(0, True), (10, True), (10.1, False), (-4.9, True), (-6, False)]
)
def test_a_former_token_is_a_repeat_for_ten_seconds(later: float, is_repeat: bool) -> None:
    former = make_token(FAMILY, 6, KEYRING)

    assert former.is_repeat(session(7), NOON + later) is is_repeat


def test_only_one_spelling_is_a_token() -> None:
    text = make_token(FAMILY, 7, KEYRING).text
    spellings = [
        f"{text}\n",
        f" {text}",
        f"{text}=",
        text.replace("_7_", "_07_"),
        text.replace("_7_", "_\u0667_"),
        text.replace("_7_", "_" + "7" * 5000 + "_"),
        text.replace("plg_rt_", "PLG_RT_"),
        text.lower(),
    ]

    assert [read_token(spelling, KEYRING) for spelling in spellings] == [None] * len(spellings)


def test_a_token_of_a_former_secret_is_read_while_that_is_named() -> None:
    token = make_token(FAMILY, 7, Keyring("former"))

    assert read_token(token.text, Keyring("new", ("former",))) == token
    assert read_token(token.text, Keyring("new")) is None


def test_the_newest_token_is_known_again_under_the_secret_that_made_it() -> None:
    token = make_token(FAMILY, 7, KEYRING)
    changed = Keyring("new", ("the secret of this installation",))

    assert newest_token(session(7), KEYRING) == token
    assert newest_token(session(7), changed) == token
    assert newest_token(session(7), Keyring("new")) is None


def test_only_the_token_that_the_session_was_given_is_its_newest() -> None:
    changed = Keyring("new", ("the secret of this installation",))

    assert make_token(FAMILY, 7, KEYRING).is_newest(session(7), changed)
    assert not make_token(FAMILY, 7, changed).is_newest(session(7), changed)
    assert not make_token(FAMILY, 6, KEYRING).is_newest(session(7), KEYRING)
    assert not make_token(FAMILY, 7, KEYRING).is_newest(session(7), Keyring("new"))


@pytest.mark.parametrize(
    ("generation", "seconds", "is_repeat"),
    [(6, 0, True), (6, 10, True), (6, 10.1, False), (5, 0, False), (7, 0, False), (8, 0, False)],
)
def test_only_the_former_token_may_be_repeated_and_only_soon(
    generation: int, seconds: float, is_repeat: bool
) -> None:
    token = make_token(FAMILY, generation, KEYRING)

    assert token.is_repeat(session(7), NOON + seconds) == is_repeat


def test_what_is_kept_of_a_token_does_not_contain_it() -> None:
    token = make_token(FAMILY, 7, KEYRING)

    assert token_digest(token, KEYRING) != KEYRING.digest("refresh", f"{FAMILY}/7".encode())
    assert len(token_digest(token, KEYRING)) == 32


def test_a_token_is_not_shown() -> None:
    token = make_token(FAMILY, 7, KEYRING)

    assert token.text[-43:] not in repr(token)
