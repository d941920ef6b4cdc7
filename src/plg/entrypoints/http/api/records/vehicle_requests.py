"""What requests for vehicles ask for."""

from dataclasses import dataclass
from typing import Final

from starlette.types import Scope

from plg.domain.errors import InvalidParameter
from plg.domain.records.trendline import POINTS_DEFAULT, POINTS_MAX, TrendQuery
from plg.domain.records.vehicles import Vin
from plg.entrypoints.http.protocol.listing import query_of
from plg.entrypoints.http.protocol.moments import instant
from plg.entrypoints.http.protocol.paths import decode_segment

PARAMETER: Final = "vin"


@dataclass(frozen=True, slots=True)
class DynamicQuery:
    """Which vehicle, and as of when; None for now."""

    vin: Vin
    at: float | None


def vin_from_path(scope: Scope) -> Vin:
    """Read the VIN from the last segment of the path."""
    return Vin.parse(decode_segment(scope["path_params"][PARAMETER], PARAMETER))


def dynamic_query(scope: Scope) -> DynamicQuery:
    """
    Read the VIN and `at`.

    Raises:
        InvalidRequest: If the query cannot be read.
        InvalidParameter: If one of them cannot be used.
    """
    vin = vin_from_path(scope)
    return DynamicQuery(vin, _time(query_of(scope), "at") if scope["query_string"] else None)


def trend_query(scope: Scope) -> TrendQuery:
    """
    Read the VIN, `from`, `to` and `points`.

    Raises:
        InvalidRequest: If the query cannot be read.
        InvalidParameter: If one of them cannot be used.
    """
    vin, query = vin_from_path(scope), query_of(scope)
    points = query.get("points", str(POINTS_DEFAULT))
    if not (points.isascii() and points.isdigit() and len(points) <= len(str(POINTS_MAX))):
        raise InvalidParameter("points", "points must be a whole number.")
    return TrendQuery(vin, _time(query, "from"), _time(query, "to"), int(points))


def vin_of_segment(sent: bytes) -> Vin:
    """Read the VIN from a segment of a path, as it was sent."""
    return Vin.parse(decode_segment(sent.decode("latin-1"), PARAMETER))


def _time(query: dict[str, str], name: str) -> float | None:
    text = query.get(name)
    return None if text is None else instant(text, name)
