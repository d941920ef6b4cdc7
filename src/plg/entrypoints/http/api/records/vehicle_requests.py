"""What requests for vehicles ask for."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from starlette.types import Scope

from plg.domain.errors import InvalidParameter
from plg.domain.records.trendline import POINTS_DEFAULT, POINTS_MAX, TrendQuery
from plg.domain.records.vehicles import Vin
from plg.entrypoints.http.protocol.listing import query_of
from plg.entrypoints.http.protocol.moments import instant
from plg.entrypoints.http.protocol.paths import canonical, decode_segment

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


def vin_of_target(prefix: bytes) -> Callable[[bytes], Vin | None]:
    """Return what reads a VIN from a request target as from the path, None with a query."""

    def parse(target: bytes) -> Vin | None:
        if not target.startswith(prefix) or b"?" in target:
            return None
        segment = canonical(target)[len(prefix) :]
        if not segment or "/" in segment:
            return None
        return Vin.parse(decode_segment(segment, PARAMETER))

    return parse


def _time(query: dict[str, str], name: str) -> float | None:
    text = query.get(name)
    return None if text is None else instant(text, name)
