"""State of health over time: a few points that say what many observations say."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from plg.domain.errors import InvalidParameter
from plg.domain.records.vehicles import Vin

POINTS_MIN: Final = 10
POINTS_MAX: Final = 1000
POINTS_DEFAULT: Final = 200
EXTREMES_A_SPAN: Final = 4


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """How a vehicle was at an instant; None where the source did not say."""

    observed_at: float
    soh: float | None
    odometer: float | None


@dataclass(frozen=True, slots=True)
class TrendQuery:
    """
    Which observations, both ends included, and how many points at most.

    Raises:
        InvalidParameter: If there can be no such points.
    """

    vin: Vin
    since: float | None = None
    until: float | None = None
    points: int = POINTS_DEFAULT

    def __post_init__(self) -> None:
        if not POINTS_MIN <= self.points <= POINTS_MAX:
            raise InvalidParameter(
                "points", f"points must be a whole number from {POINTS_MIN} to {POINTS_MAX}."
            )
        if self.since is not None and self.until is not None and self.since > self.until:
            raise InvalidParameter("from", "from must not be later than to.")


@dataclass(frozen=True, slots=True)
class Trendline:
    """
    Points in the order of time.

    Attributes:
        observations: How many observations they stand for.
        is_complete: Whether those are all of the range; where not, the older ones are left out.
    """

    vin: Vin
    points: tuple[TrendPoint, ...]
    observations: int
    is_complete: bool


def downsample(points: Sequence[TrendPoint], most: int) -> tuple[TrendPoint, ...]:
    """
    Return at most `most` of the points, which are in the order of time.

    The first and the last are kept. The time between is cut into equal spans, and of each the
    points with the least and the greatest state of health and odometer are kept: so no extreme
    of the whole is ever lost.
    """
    if len(points) <= most:
        return tuple(points)
    first = points[0].observed_at
    length = points[-1].observed_at - first or 1.0
    count = max(1, (most - 2) // EXTREMES_A_SPAN)
    spans: list[list[int]] = [[] for _ in range(count)]
    for number, point in enumerate(points):
        share = (point.observed_at - first) / length
        spans[min(count - 1, int(share * count))].append(number)
    kept = {0, len(points) - 1}
    for span in spans:
        kept.update(_extremes(points, span, lambda point: point.soh))
        kept.update(_extremes(points, span, lambda point: point.odometer))
    return tuple(points[number] for number in sorted(kept))


def _extremes(
    points: Sequence[TrendPoint], span: Iterable[int], of: Callable[[TrendPoint], float | None]
) -> tuple[int, ...]:
    known = [(value, number) for number in span if (value := of(points[number])) is not None]
    return (min(known)[1], max(known)[1]) if known else ()
