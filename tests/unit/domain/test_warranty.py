"""What is left of a warranty."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plg.domain.records.warranty import WarrantyTerms, warranty_left

TODAY = date(2026, 11, 21)
START = date(2022, 3, 14)


@pytest.mark.parametrize(
    ("start", "years", "end"),
    [
        (START, "8", date(2030, 3, 14)),
        (START, "0", START),
        (START, "2.5", date(2024, 9, 14)),
        (date(2024, 2, 29), "1", date(2025, 2, 28)),
        (date(2024, 2, 29), "4", date(2028, 2, 29)),
        (date(2023, 10, 31), "0.5", date(2024, 4, 30)),
        (date(2023, 12, 31), "1", date(2024, 12, 31)),
        (START, "9000", None),
    ],
)
def test_years_count_from_the_start_by_the_calendar(
    start: date, years: str, end: date | None
) -> None:
    assert WarrantyTerms(start=start, years=Decimal(years)).last_day() == end


def test_a_fixed_end_wins_over_years() -> None:
    terms = WarrantyTerms(START, date(2031, 1, 1), Decimal(8))

    assert terms.last_day() == date(2031, 1, 1)


@pytest.mark.parametrize("terms", [WarrantyTerms(), WarrantyTerms(start=START)])
def test_without_an_end_or_years_it_is_unknown(terms: WarrantyTerms) -> None:
    left = warranty_left(terms, None, TODAY)

    assert (left.end, left.years, left.km) == (None, None, None)


def test_years_without_a_start_say_nothing() -> None:
    assert WarrantyTerms(years=Decimal(8)).last_day() is None


@pytest.mark.parametrize(
    ("end", "years"),
    [
        (date(2034, 11, 21), "8.00"),
        (date(2027, 11, 21), "1.00"),
        (date(2026, 11, 22), "0.00"),
        (date(2026, 11, 25), "0.01"),
        (TODAY, "0.00"),
        (date(2020, 1, 1), "0.00"),
    ],
)
def test_years_left_are_told_to_the_hundredth(end: date, years: str) -> None:
    assert str(warranty_left(WarrantyTerms(end=end), None, TODAY).years) == years


@pytest.mark.parametrize(
    ("km", "odometer", "left"),
    [
        ("160000", "45231.70", "114768.30"),
        ("160000", "160000", "0"),
        ("160000", "170000.5", "0"),
        (None, "45231.7", None),
        ("160000", None, None),
    ],
)
def test_kilometres_left_are_exact_and_never_below_0(
    km: str | None, odometer: str | None, left: str | None
) -> None:
    terms = WarrantyTerms(km=None if km is None else Decimal(km))
    found = warranty_left(terms, None if odometer is None else Decimal(odometer), TODAY).km

    assert (None if found is None else str(found)) == left


@given(
    st.dates(date(1990, 1, 1), date(2060, 1, 1)),
    st.integers(0, 30),
    st.dates(date(1990, 1, 1), date(2060, 1, 1)),
    st.integers(0, 300),
)
def test_time_only_ever_shortens_it(start: date, years: int, today: date, later: int) -> None:
    terms = WarrantyTerms(start=start, years=Decimal(years))
    now = warranty_left(terms, None, today).years
    then = warranty_left(terms, None, date.fromordinal(today.toordinal() + later)).years

    assert now is not None
    assert then is not None
    assert Decimal(0) <= then <= now
