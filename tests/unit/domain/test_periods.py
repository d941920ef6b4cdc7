"""Billing periods: months in UTC."""

from datetime import UTC, datetime

import pytest

from plg.domain.ledger.periods import Period, next_period, period_start


def at(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()


@pytest.mark.parametrize(
    ("name", "begins", "ends"),
    [
        ("current", "2026-01-01", "2026-02-01"),
        ("last", "2025-12-01", "2026-01-01"),
        ("2024-02", "2024-02-01", "2024-03-01"),
        ("2026-12", "2026-12-01", "2027-01-01"),
    ],
)
def test_a_period_is_a_month(name: str, begins: str, ends: str) -> None:
    period = Period.named(name, at("2026-01-31T23:59:59"))

    assert (period.begins, period.ends) == (at(begins), at(ends))


@pytest.mark.parametrize(
    "name", ["", "2026", "2026-13", "2026-1", "0000-01", "1970-01", "9999-12", "next", "2026-01-01"]
)
def test_what_names_no_period_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="such as 2026-11"):
        Period.named(name, 0.0)


def test_periods_follow_each_other() -> None:
    edge = at("2026-03-01")

    assert next_period(edge - 0.001) == edge == period_start(edge)
