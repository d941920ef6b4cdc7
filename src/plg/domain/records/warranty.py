"""
What is left of a vehicle's warranty.

It ends on a date that the source gives, else so many years after the start, months counted by
the calendar (a day that the last month does not have becomes its last day). Kilometres left are
those of the warranty less the odometer. Nothing is ever below 0, and what is unknown is None.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import MAXYEAR, date
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

MONTHS: Final = 12
DAYS_A_YEAR: Final = Decimal("365.25")
HUNDREDTH: Final = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class WarrantyTerms:
    """What was promised; a fixed `end` wins over `years` from the start."""

    start: date | None = None
    end: date | None = None
    years: Decimal | None = None
    km: Decimal | None = None

    def last_day(self) -> date | None:
        """Return the day on which it ends."""
        if self.end is not None or self.start is None or self.years is None:
            return self.end
        return _months_later(self.start, round(self.years * MONTHS))


@dataclass(frozen=True, slots=True)
class Warranty:
    """What is left; `years` to the hundredth of a year of 365.25 days."""

    end: date | None
    years: Decimal | None
    km: Decimal | None


def warranty_left(terms: WarrantyTerms, odometer: Decimal | None, today: date) -> Warranty:
    """Return what is left of the warranty today."""
    end = terms.last_day()
    return Warranty(end, _years_until(end, today), _km_left(terms.km, odometer))


def _years_until(end: date | None, today: date) -> Decimal | None:
    if end is None:
        return None
    years = Decimal(max(0, (end - today).days)) / DAYS_A_YEAR
    return years.quantize(HUNDREDTH, ROUND_HALF_UP)


def _km_left(km: Decimal | None, odometer: Decimal | None) -> Decimal | None:
    if km is None or odometer is None:
        return None
    return max(Decimal(0), km - odometer)


def _months_later(start: date, months: int) -> date | None:
    years, month = divmod(start.month - 1 + months, MONTHS)
    year = start.year + years
    if year > MAXYEAR:
        return None
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))
