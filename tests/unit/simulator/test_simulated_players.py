"""Seeded players: repeatable, exact, and made on demand."""

import re

import pytest

from plg.entrypoints.simulator.players import PlayerBook, player_id, player_index


@pytest.fixture(scope="module")
def book() -> PlayerBook:
    return PlayerBook(seed=7)


def number(body: bytes, member: str) -> str:
    found = re.search(rf'"{member}":([0-9.]+)', body.decode())
    assert found
    return found[1]


def test_the_same_seed_gives_the_same_players(book: PlayerBook) -> None:
    assert PlayerBook(seed=7).body(42, version=1) == book.body(42, version=1)


def test_another_seed_gives_other_players(book: PlayerBook) -> None:
    assert PlayerBook(seed=8).body(42, version=1) != book.body(42, version=1)


def test_two_players_differ(book: PlayerBook) -> None:
    assert book.record(1, version=1).nick != book.record(2, version=1).nick


def test_a_new_version_changes_the_content_of_a_record(book: PlayerBook) -> None:
    assert book.record(1, version=1).score != book.record(1, version=2).score


def test_a_new_version_leaves_a_player_who_it_is(book: PlayerBook) -> None:
    assert book.record(1, version=1).name == book.record(1, version=2).name


@pytest.mark.parametrize("index", range(1, 20))
def test_a_score_cannot_be_held_by_a_float(book: PlayerBook, index: int) -> None:
    score = int(number(book.body(index, version=1), "score"))

    assert int(float(score)) != score


def test_lifetime_points_do_not_fit_into_64_bits(book: PlayerBook) -> None:
    assert int(number(book.body(1, version=1), "lifetime_points")) > 2**64


def test_a_rating_keeps_its_trailing_zeros(book: PlayerBook) -> None:
    assert re.fullmatch(r"\d+\.\d00", number(book.body(1, version=1), "rating"))


@pytest.mark.parametrize("index", [1, 500, 1_000_000])
def test_a_record_has_one_to_two_kilobytes(book: PlayerBook, index: int) -> None:
    assert 1000 < len(book.body(index, version=1)) < 2048


@pytest.mark.parametrize("index", [1, 999_999, 1_000_000, 123_456_789])
def test_an_id_leads_back_to_its_index(index: int) -> None:
    assert player_index(player_id(index)) == index


@pytest.mark.parametrize(
    "key",
    [
        "",
        "KB-1",
        "KB-000000",
        "KB-0000001",
        "kb-000001",
        "KB-00000x",
        "KB-00000\u0661",
        "KB-" + "9" * 50,
    ],
)
def test_a_key_in_another_form_is_no_player(key: str) -> None:
    assert player_index(key) is None
