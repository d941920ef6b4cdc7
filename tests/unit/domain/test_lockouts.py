"""How long somebody who failed to log in has to wait."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plg.domain.identity.lockouts import (
    FAILURES_MAX,
    KNOWN_PLACE,
    UNKNOWN_PLACE,
    WAIT_SECONDS_MAX,
    WHOLE_ADDRESS,
    Failures,
    Patience,
    place_of,
)

NOW = 1_700_000_000.0
patiences = st.sampled_from([KNOWN_PLACE, UNKNOWN_PLACE, WHOLE_ADDRESS])
counts = st.integers(0, 10_000)


@given(patiences, counts, st.floats(0, 10_000))
def test_who_waited_as_long_as_told_is_heard(patience: Patience, count: int, later: float) -> None:
    failures = Failures(count, NOW)
    wait = patience.wait_seconds(failures, NOW + later)

    assert wait == math.inf or patience.wait_seconds(failures, NOW + later + wait + 1e-3) == 0


@given(patiences, counts)
def test_more_failures_never_shorten_the_wait(patience: Patience, count: int) -> None:
    fewer = patience.wait_seconds(Failures(count, NOW), NOW)

    assert patience.wait_seconds(Failures(count + 1, NOW), NOW) >= fewer


@given(st.sampled_from([KNOWN_PLACE, WHOLE_ADDRESS]), counts, st.floats(0, 2 * NOW))
def test_a_wait_that_ends_is_a_quarter_of_an_hour_at_most(
    patience: Patience, count: int, now: float
) -> None:
    assert 0 <= patience.wait_seconds(Failures(count, NOW), now) <= WAIT_SECONDS_MAX


def test_a_failure_from_the_future_makes_nobody_wait() -> None:
    failures = Failures(50, NOW)

    assert KNOWN_PLACE.wait_seconds(failures, NOW - 4) == WAIT_SECONDS_MAX
    assert KNOWN_PLACE.wait_seconds(failures, NOW - 6) == 0


def test_after_the_clock_was_set_back_failures_count_from_there() -> None:
    failures = Failures(50, NOW).and_one_more(NOW - 3600)

    assert failures == Failures(51, NOW - 3600)
    assert KNOWN_PLACE.wait_seconds(failures, NOW - 3600) == WAIT_SECONDS_MAX


def test_the_wait_doubles() -> None:
    waits = [KNOWN_PLACE.wait_seconds(Failures(count, NOW), NOW) for count in range(17)]

    assert waits == [0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]


@pytest.mark.parametrize(("count", "ends"), [(FAILURES_MAX - 1, False), (FAILURES_MAX, True)])
def test_for_unknown_places_there_is_an_end_at_a_hundred(count: int, ends: bool) -> None:
    later = NOW + 10 * WAIT_SECONDS_MAX

    assert (UNKNOWN_PLACE.wait_seconds(Failures(count, NOW), later) == math.inf) is ends


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("unix socket", "nowhere"),
        ("", "nowhere"),
        (None, "nowhere"),
    ],
)
def test_a_place_is_what_one_subscriber_has(address: str | None, place: str) -> None:
    assert place_of(address) == place
