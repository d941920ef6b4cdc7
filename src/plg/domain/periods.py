"""Billing periods: months in UTC."""

from datetime import UTC, datetime, timedelta
from typing import Final

_LONGER_THAN_A_MONTH: Final = timedelta(days=32)


def period_start(instant: float) -> float:
    """Return when the period began that an instant is in."""
    return _first_of_month(instant).timestamp()


def next_period(instant: float) -> float:
    """Return when the period begins that follows the one an instant is in."""
    return (_first_of_month(instant) + _LONGER_THAN_A_MONTH).replace(day=1).timestamp()


def _first_of_month(instant: float) -> datetime:
    exact = datetime.fromtimestamp(instant, UTC)
    return exact.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
