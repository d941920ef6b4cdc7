"""Times as answers tell them, and as requests name them."""

from datetime import UTC, datetime
from typing import overload

from plg.domain.errors import InvalidParameter
from plg.domain.rfc3339 import parse_time


@overload
def moment(instant: float) -> datetime: ...
@overload
def moment(instant: None) -> None: ...
@overload
def moment(instant: float | None) -> datetime | None: ...


def moment(instant: float | None) -> datetime | None:
    """Return seconds since the epoch as a moment in UTC, to the millisecond."""
    if instant is None:
        return None
    exact = datetime.fromtimestamp(instant, UTC)
    return exact.replace(microsecond=exact.microsecond // 1000 * 1000)


def instant(text: str, parameter: str) -> float:
    """
    Read an RFC 3339 time with its zone.

    Raises:
        InvalidParameter: If it is none; the problem names `parameter`.
    """
    try:
        return parse_time(text).timestamp()
    except ValueError as error:
        raise InvalidParameter(
            parameter, f"{parameter} must be a time such as 2026-01-31T12:00:00Z."
        ) from error
