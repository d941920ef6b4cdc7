"""Identifiers."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from plg.domain.ids import LENGTH, new_id

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LAST = 2**48 / 1000
instants = st.floats(min_value=0, max_value=LAST, exclude_max=True)


def number(ulid: str) -> int:
    value = 0
    for character in ulid:
        value = value * 32 + ALPHABET.index(character)
    return value


@given(instants)
def test_an_id_is_a_ulid_of_its_instant(now: float) -> None:
    made = new_id(now)

    assert len(made) == LENGTH
    assert number(made) >> 80 == int(now * 1000)


def test_the_example_of_the_ulid_specification() -> None:
    assert new_id(1469918176.385).startswith("01ARYZ6S41")


@given(instants, instants)
def test_ids_sort_by_their_instants(first: float, second: float) -> None:
    earlier, later = sorted((int(first * 1000), int(second * 1000)))

    assert earlier == later or new_id(earlier / 1000 + 1e-4) < new_id(later / 1000 + 1e-4)


def test_ids_of_one_instant_differ_in_every_random_bit() -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC).timestamp()
    drawn = [number(new_id(now)) & (2**80 - 1) for _ in range(500)]

    assert len(set(drawn)) == 500
    seen_set = seen_unset = 0
    for bits in drawn:
        seen_set |= bits
        seen_unset |= ~bits
    assert seen_set == 2**80 - 1
    assert seen_unset & (2**80 - 1) == 2**80 - 1
