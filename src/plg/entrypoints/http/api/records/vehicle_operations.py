"""What the OpenAPI document says of vehicles."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any, Final

import msgspec

from plg.domain.records.trendline import POINTS_DEFAULT, POINTS_MAX, POINTS_MIN
from plg.entrypoints.http.api.records.lookups import SOURCE_PROBLEMS
from plg.entrypoints.http.endpoints import Operation, Parameter

LOOKUP_PROBLEMS: Final = (
    "invalid_parameter",
    "not_entitled",
    "no_match",
    "no_source",
    *SOURCE_PROBLEMS,
)


class StaticView(msgspec.Struct):
    """What a vehicle is; null where the source does not say, and what else it says."""

    vin: str
    make_name: Any
    model_name: Any
    version: Any
    type: Any
    battery_chemistry: Any
    capacity: Any
    net_capacity: Any
    autonomy: Any
    start_date: Any
    warranty_date: Any
    warranty_km: Any
    source: Any


class DynamicView(msgspec.Struct):
    """How a vehicle is; null where the source does not say, and what else it says."""

    vin: str
    timestamp: Any
    odometer: Any
    soh: Any
    soh_oem: Any
    soh_comparison: Any
    cycles: Any
    consumption: Any
    region: Any
    location: Any
    speed: Any
    level_1: Any
    level_2: Any
    level_3: Any


class WarrantyView(msgspec.Struct):
    """What is left of a warranty; null where that is unknown."""

    vin: str
    end_date: date | None
    years_left: float | None
    km_left: float | None


class TrendPointView(msgspec.Struct):
    """State of health in percent and kilometres at a time; null where unknown."""

    timestamp: datetime
    soh: float | None
    odometer: float | None


class TrendlineView(msgspec.Struct):
    """Points in the order of time, and how many observations they stand for."""

    vin: str
    observations: int
    is_complete: bool
    points: list[TrendPointView]


VIN: Final = Parameter(
    "vin",
    "path",
    "The vehicle's VIN, 10 to 25 letters and digits; case does not matter.",
    "WVWZZZE1ZMP000001",
    {
        "type": "string",
        "pattern": "^([A-HJ-NPR-Za-hj-npr-z0-9]{17}|[A-Za-z0-9]{10,16}|[A-Za-z0-9]{18,25})$",
    },
)
_TIME: Final = {"type": "string", "format": "date-time"}


def _time(name: str, description: str) -> Parameter:
    example = "2026-01-31T12:00:00Z"
    return Parameter(name, "query", description, example, _TIME, is_required=False)


SHOW_STATIC: Final = Operation(
    summary="Look up what a vehicle is",
    description="Answers from the cache where it may, and from the source where it must.",
    answer=StaticView,
    example={
        "vin": "WVWZZZE1ZMP000001",
        "make_name": "Volkswagen",
        "model_name": "ID.3",
        "version": "Pro",
        "type": "BEV",
        "battery_chemistry": "NMC",
        "capacity": 62.0,
        "net_capacity": 58.0,
        "autonomy": 420,
        "start_date": "2022-03-14",
        "warranty_date": "2030-03-14",
        "warranty_km": 160000,
        "source": "oem",
    },
    parameters=(VIN,),
    problems=LOOKUP_PROBLEMS,
    is_record=True,
    tag="vehicles",
)
SHOW_DYNAMIC: Final = replace(
    SHOW_STATIC,
    summary="Get current vehicle data",
    description="With `at`, the newest observation kept that is not after that time.",
    answer=DynamicView,
    example={
        "vin": "WVWZZZE1ZMP000001",
        "timestamp": "2026-11-21T10:00:00Z",
        "odometer": 45231.7,
        "soh": 94.2,
        "soh_oem": 95.0,
        "soh_comparison": 0.4,
        "cycles": 132,
        "consumption": 16.8,
        "region": "Bavaria",
        "location": {"latitude": 48.14, "longitude": 11.58},
        "speed": 0,
        "level_1": 66,
        "level_2": 44,
        "level_3": 22,
    },
    parameters=(VIN, _time("at", "As of when; what is kept is asked, not the source.")),
)
SHOW_WARRANTY: Final = replace(
    SHOW_STATIC,
    summary="Say what is left of a warranty",
    description="Made of static and dynamic data, as of today in UTC.",
    answer=WarrantyView,
    example={
        "vin": "WVWZZZE1ZMP000001",
        "end_date": "2030-03-14",
        "years_left": 3.31,
        "km_left": 114768.3,
    },
)
SHOW_TRENDLINE: Final = Operation(
    summary="Show state of health over time",
    description="From the observations that are kept; no extreme is lost to downsampling.",
    answer=TrendlineView,
    example={
        "vin": "WVWZZZE1ZMP000001",
        "observations": 1,
        "is_complete": True,
        "points": [{"timestamp": "2026-11-21T10:00:00Z", "soh": 94.2, "odometer": 45231.7}],
    },
    parameters=(
        VIN,
        _time("from", "No observations before that time."),
        _time("to", "No observations after that time."),
        Parameter(
            "points",
            "query",
            "How many points at most.",
            POINTS_DEFAULT,
            {"type": "integer", "minimum": POINTS_MIN, "maximum": POINTS_MAX},
            is_required=False,
        ),
    ),
    problems=("invalid_parameter", "not_entitled"),
    tag="vehicles",
)
