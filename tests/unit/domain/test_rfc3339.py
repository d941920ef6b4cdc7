"""Times as RFC 3339 writes them."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plg.domain.rfc3339 import parse_day_or_time, parse_time

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)
zones = st.integers(-23 * 60, 23 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
times = st.datetimes(datetime(2, 1, 1), datetime(9998, 12, 31), timezones=zones)  # noqa: DTZ001 - the bounds of hypothesis have none


@given(times)
def test_what_is_written_is_read(time: datetime) -> None:
    assert parse_time(time.isoformat()) == time


@pytest.mark.parametrize(
    "text",
    [
        "2026-01-31T12:00:00Z",
        "2026-01-31t12:00:00z",
        "2026-01-31 12:00:00Z",
        "2026-01-31T12:00:00.000000000Z",
        "2026-01-31T12:00:00+00:00",
        "2026-01-31T12:00:00-00:00",
        "2026-01-31T13:30:00+01:30",
    ],
)
def test_each_form_of_rfc_3339_is_read(text: str) -> None:
    assert parse_time(text) == NOON


@pytest.mark.parametrize(
    "text",
    [
        "20260131T120000Z",
        "2026-W05-6T12:00:00Z",
        "2026-031T12:00:00Z",
        "2026-01-31T12:00Z",
        "2026-01-31T12Z",
        "2026-01-31T12:00:00,5Z",
        "2026-01-31T12:00:00.Z",
        "2026-01-31T12:00:00+01",
        "2026-01-31T12:00:00+0100",
        "2026-01-31T12:00:00+01:00:30",
        "2026-01-31T24:00:00Z",
        "2026-01-31T12:00:00",
        "2026-01-31",
        "2026-02-30T12:00:00Z",
        "2026-01-31T12:00:61Z",
        "2026-01-31T12:00:60Z",
        "2026-01-31T12:00:00+24:00",
        "2026-01-31T12:00:00\u0661Z",
        "2026-01-31_12:00:00Z",
        " 2026-01-31T12:00:00Z",
        "2026-01-31T12:00:00Z\n",
        "0000-01-01T00:00:00Z",
        "0001-01-01T00:00:00+10:00",
        "9999-12-31T23:59:59-10:00",
        "9999-12-31T23:59:60Z",
        "now",
        "",
    ],
)
def test_anything_else_is_no_time(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_time(text)


def test_a_leap_second_is_the_second_after_it() -> None:
    after = datetime(2017, 1, 1, tzinfo=UTC)

    assert parse_time("2016-12-31T23:59:60Z") == parse_time("2017-01-01T00:59:60+01:00") == after


def test_without_a_zone_it_is_utc_where_that_is_no_fault() -> None:
    assert parse_time("2026-01-31T12:00:00", is_zone_needed=False) == NOON


def test_a_day_begins_at_midnight() -> None:
    assert parse_day_or_time("2026-01-31") == NOON - timedelta(hours=12)
    assert parse_day_or_time("2026-01-31T12:00:00Z") == NOON
