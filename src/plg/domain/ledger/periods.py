"""Billing periods: months in UTC."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Self

LAST: Final = "last"
CURRENT: Final = "current"
_LONGER_THAN_A_MONTH: Final = timedelta(days=32)
_MONTH: Final = re.compile(r"(2[0-9]{3})-(0[1-9]|1[0-2])")


@dataclass(frozen=True, slots=True)
class Period:
    """A month, from its first instant to the first one after it."""

    begins: float
    ends: float

    @classmethod
    def of(cls, instant: float) -> Self:
        """Return the period that an instant is in."""
        return cls(period_start(instant), next_period(instant))

    @classmethod
    def named(cls, name: str, now: float) -> Self:
        """
        Return the period with a name: `last`, `current`, or a month such as `2026-11`.

        Raises:
            ValueError: If it is no such name.
        """
        if name == CURRENT:
            return cls.of(now)
        if name == LAST:
            return cls.of(period_start(now) - 1)
        match = _MONTH.fullmatch(name)
        if match is None:
            raise ValueError("must be last, current, or a month such as 2026-11")
        return cls.of(datetime(int(match[1]), int(match[2]), 1, tzinfo=UTC).timestamp())


def period_start(instant: float) -> float:
    """Return when the period began that an instant is in."""
    return _first_of_month(instant).timestamp()


def next_period(instant: float) -> float:
    """Return when the period begins that follows the one an instant is in."""
    return (_first_of_month(instant) + _LONGER_THAN_A_MONTH).replace(day=1).timestamp()


def _first_of_month(instant: float) -> datetime:
    exact = datetime.fromtimestamp(instant, UTC)
    return exact.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
