"""Downsampling, which loses no extreme."""

from itertools import pairwise
from operator import attrgetter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plg.domain.errors import InvalidParameter
from plg.domain.records.trendline import POINTS_MAX, POINTS_MIN, TrendPoint, TrendQuery, downsample
from tests.fakes.vehicles import IDA

figures = st.one_of(st.none(), st.floats(-1e9, 1e9))


@st.composite
def trends(draw: st.DrawFn) -> list[TrendPoint]:
    times = draw(st.lists(st.floats(-1e9, 4e9), unique=True, max_size=150))
    return [TrendPoint(at, draw(figures), draw(figures)) for at in sorted(times)]


budgets = st.integers(POINTS_MIN, 120)


@given(trends(), budgets)
def test_there_are_never_more_than_asked_for(points: list[TrendPoint], most: int) -> None:
    assert len(downsample(points, most)) <= most


@given(trends(), budgets)
def test_every_point_is_one_that_was_there_in_its_order(
    points: list[TrendPoint], most: int
) -> None:
    rest = iter(points)

    assert all(point in rest for point in downsample(points, most))


@given(trends().filter(bool), budgets)
def test_the_first_and_the_last_are_kept(points: list[TrendPoint], most: int) -> None:
    kept = downsample(points, most)

    assert (kept[0], kept[-1]) == (points[0], points[-1])


@pytest.mark.parametrize("name", ["soh", "odometer"])
@given(trends(), budgets)
def test_no_extreme_is_lost(name: str, points: list[TrendPoint], most: int) -> None:
    figure = attrgetter(name)
    known = [figure(point) for point in points if figure(point) is not None]
    kept = [figure(point) for point in downsample(points, most) if figure(point) is not None]

    assert (min(known, default=None), max(known, default=None)) == (
        min(kept, default=None),
        max(kept, default=None),
    )


@given(trends(), budgets)
def test_few_points_stay_as_they_are(points: list[TrendPoint], most: int) -> None:
    few = points[:most]

    assert downsample(few, most) == tuple(few)


def test_a_peak_within_many_observations_is_seen() -> None:
    points = [TrendPoint(float(n), 50.0 if n == 4321 else 90.0, float(n)) for n in range(9000)]

    assert points[4321] in downsample(points, 100)


def test_every_span_of_time_is_told_of() -> None:
    points = [TrendPoint(float(n), 90.0 - n / 1000, float(n)) for n in range(9000)]
    times = [point.observed_at for point in downsample(points, 402)]

    assert max(later - earlier for earlier, later in pairwise(times)) < 180


def test_points_of_one_instant_are_no_trouble() -> None:
    points = [TrendPoint(7.0, float(n), None) for n in range(50)]

    assert {point.soh for point in downsample(points, 10)} == {0.0, 49.0}


@pytest.mark.parametrize("points", [POINTS_MIN - 1, POINTS_MAX + 1, 0])
def test_too_few_or_too_many_points_are_refused(points: int) -> None:
    with pytest.raises(InvalidParameter, match="points"):
        TrendQuery(IDA, points=points)


def test_a_range_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(InvalidParameter, match="from"):
        TrendQuery(IDA, since=2.0, until=1.0)


def test_a_range_of_one_instant_is_one() -> None:
    assert TrendQuery(IDA, since=1.0, until=1.0).until == 1.0
