"""Times as RFC 3339 writes them, which is less than ISO 8601 allows."""

import re
from datetime import UTC, datetime, timedelta
from typing import Final

# 5.6, its note on a space included. Week dates, ordinal dates, compact forms, times without
# seconds and zones without minutes are ISO 8601's alone.
_TIME: Final = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt ]([0-9]{2}:[0-9]{2}):([0-9]{2})(\.[0-9]{1,30})?"
    r"([Zz]|[+-][0-9]{2}:[0-9]{2})?"
)
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LEAP: Final = "60"
_LAST_MINUTE: Final = (23, 59)


def parse_time(text: str, *, is_zone_needed: bool = True) -> datetime:
    """
    Return a time in UTC; one without a zone, where that is no fault, is taken as UTC.

    A leap second is the second after it, as clocks of computers have none.

    Raises:
        ValueError: If it is none, or UTC has no such year.
    """
    match = _TIME.fullmatch(text)
    if match is None or (match[5] is None and is_zone_needed):
        raise ValueError("must be a time such as 2026-01-31T12:00:00Z")
    day, minute, second, fraction, zone = match.groups(default="")
    is_leap = second == _LEAP
    whole = f"{day}T{minute}:{'59' if is_leap else second}{fraction}{zone.upper() or 'Z'}"
    try:
        time = datetime.fromisoformat(whole).astimezone(UTC)
        if is_leap and (time.hour, time.minute) != _LAST_MINUTE:
            raise ValueError("a leap second is the last of a day in UTC")
        return time + timedelta(seconds=is_leap)
    except OverflowError as error:
        raise ValueError("is beyond the calendar") from error


def parse_day_or_time(text: str) -> datetime:
    """
    Return a time as `parse_time` does, or the beginning of a day in UTC.

    Raises:
        ValueError: If it is neither.
    """
    return parse_time(f"{text}T00:00:00Z" if _DATE.fullmatch(text) else text)
