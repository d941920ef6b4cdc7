"""Counts of calls."""

from collections.abc import Mapping

import pytest

from plg.entrypoints.simulator.stats import CallStats


@pytest.fixture
def stats() -> CallStats:
    return CallStats()


def shown_keys(stats: CallStats) -> Mapping[str, int]:
    by_key = stats.as_json()["by_key"]
    assert isinstance(by_key, dict)
    return by_key


def test_calls_are_counted_for_each_key(stats: CallStats) -> None:
    for key in ("a", "b", "a"):
        stats.began(key)

    assert shown_keys(stats) == {"a": 2, "b": 1}


def test_the_most_calls_in_flight_are_remembered(stats: CallStats) -> None:
    stats.began("a")
    stats.began("b")
    stats.ended()
    stats.ended()

    assert (stats.in_flight, stats.max_in_flight) == (0, 2)


def test_a_reset_forgets_the_counts(stats: CallStats) -> None:
    stats.began("a")
    stats.came_to("found", 200)
    stats.ended()

    stats.reset()

    assert stats.as_json() == CallStats().as_json()


def test_a_reset_keeps_the_calls_that_are_in_flight(stats: CallStats) -> None:
    stats.began("a")

    stats.reset()

    assert (stats.in_flight, stats.max_in_flight) == (1, 1)


def test_a_call_without_an_answer_has_no_status(stats: CallStats) -> None:
    stats.came_to("timeout", None)

    assert stats.as_json()["by_status"] == {}


def test_the_thousand_most_asked_keys_are_shown(stats: CallStats) -> None:
    for number in range(1500):
        stats.began(f"key-{number}")
    stats.began("key-1499")

    assert len(shown_keys(stats)) == 1000
    assert shown_keys(stats)["key-1499"] == 2


def test_keys_beyond_the_bound_are_counted_together() -> None:
    stats = CallStats(keys_counted=2)
    for key in ("a", "b", "c", "d", "a"):
        stats.began(key)

    assert (stats.by_key, stats.uncounted_keys) == ({"a": 2, "b": 1}, 2)
