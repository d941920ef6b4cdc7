"""
Seeded vehicles: the same seed, VIN and minute give the same records, and none is stored.

Every VIN that could be one exists, but for those that end in 00.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from random import Random
from typing import Final

import msgspec

REPORT_SECONDS: Final = 60
"""How often a vehicle reports: dynamic data has the time of its last report."""

_VIN: Final = re.compile(r"[A-Z0-9]{10,25}(?<!00)")
_BEYOND_DOUBLES: Final = 2**53
_FIRST_DAY: Final = date(2019, 1, 1)
_SALES_DAYS: Final = 5 * 365
_DAY_SECONDS: Final = 86_400
_YEAR_DAYS: Final = 365.25
_DRIVING_SHARE: Final = 0.25


class Part(StrEnum):
    """The two records of a vehicle."""

    STATIC = "static"
    DYNAMIC = "dynamic"


@dataclass(frozen=True, slots=True)
class Model:
    """A model: capacities in kWh, range in km, consumption in kWh a 100 km, warranty."""

    make: str
    name: str
    version: str
    chemistry: str
    capacity: str
    net_capacity: str
    autonomy: int
    consumption: float
    warranty_years: int
    warranty_km: int


MODELS: Final = (
    Model("Volkswagen", "ID.3", "Pro", "NMC", "62.00", "58.00", 420, 15.4, 8, 160_000),
    Model("Tesla", "Model 3", "Long Range", "NCA", "82.00", "78.10", 560, 14.9, 8, 192_000),
    Model("Tesla", "Model Y", "RWD", "LFP", "60.00", "57.50", 430, 15.7, 8, 160_000),
    Model("Renault", "Zoe", "R135 Z.E. 50", "NMC", "54.70", "52.00", 395, 17.2, 8, 160_000),
    Model("Hyundai", "Kona Electric", "64 kWh", "NMC", "67.50", "64.00", 484, 14.7, 8, 160_000),
    Model("Kia", "e-Niro", "64 kWh", "NMC", "67.50", "64.80", 455, 15.9, 7, 150_000),
    Model("BMW", "i4", "eDrive40", "NMC", "83.90", "80.70", 590, 16.1, 8, 160_000),
    Model("BYD", "Atto 3", "Design", "LFP", "62.00", "60.50", 420, 15.6, 8, 200_000),
    Model("MG", "MG4", "Standard", "LFP", "51.00", "50.80", 350, 17.0, 7, 150_000),
    Model("Nissan", "Leaf", "e+", "NMC", "62.00", "59.00", 385, 18.5, 8, 160_000),
)
_REGIONS: Final = ("Bavaria", "Île-de-France", "Lombardia", "Mazowieckie", "Noord-Holland")
_ORIGINS: Final = ("oem", "telematics", "workshop")


@dataclass(frozen=True, slots=True)
class Vehicle:
    """What is fixed about one vehicle; fades are in percent, of a year and of its root."""

    vin: str
    serial: int
    model: Model
    start: date
    origin: str
    region: str
    latitude: float
    longitude: float
    km_a_day: float
    fade: float
    early_fade: float

    def days(self, instant: float) -> float:
        """Return the days on the road."""
        start = datetime.combine(self.start, datetime.min.time(), UTC)
        return max(0.0, (instant - start.timestamp()) / _DAY_SECONDS)


class VehicleBook:
    """Draws vehicles from a seed."""

    def __init__(self, seed: int) -> None:
        self._seed = seed

    def exists(self, vin: str) -> bool:
        """Tell whether there is such a vehicle."""
        return _VIN.fullmatch(vin) is not None

    def static(self, vin: str, version: int) -> bytes:
        """Return what the vehicle is; `version` changes the content, not the vehicle."""
        vehicle = self._vehicle(vin)
        model = vehicle.model
        return msgspec.json.encode(
            {
                "vin": vin,
                "make_name": model.make,
                "model_name": model.name,
                "version": model.version,
                "type": "BEV",
                "battery_chemistry": model.chemistry,
                "capacity": _number(model.capacity),
                "net_capacity": _number(model.net_capacity),
                "autonomy": model.autonomy,
                "start_date": vehicle.start,
                "warranty_date": vehicle.start.replace(
                    year=vehicle.start.year + model.warranty_years, day=min(vehicle.start.day, 28)
                ),
                "warranty_km": model.warranty_km,
                "source": vehicle.origin,
                "battery_serial": vehicle.serial,
                "record_version": version,
            }
        )

    def dynamic(self, vin: str, version: int, minute: int) -> bytes:
        """Return how the vehicle was when it reported in that minute since the epoch."""
        vehicle = self._vehicle(vin)
        moment = Random(f"{self._seed}/{vin}/{minute}")  # noqa: S311 - seeded data, not a secret
        instant = minute * REPORT_SECONDS
        years = vehicle.days(instant) / _YEAR_DAYS
        odometer = vehicle.days(instant) * vehicle.km_a_day
        soh = 100.0 - vehicle.early_fade * years**0.5 - vehicle.fade * years
        measured = max(50.0, min(100.0, soh + moment.uniform(-0.15, 0.15)))
        is_driving = moment.random() < _DRIVING_SHARE
        cycles = int(odometer / vehicle.model.autonomy)
        return msgspec.json.encode(
            {
                "vin": vin,
                "timestamp": datetime.fromtimestamp(instant, UTC),
                "odometer": _number(f"{odometer:.2f}"),
                "soh": _number(f"{measured:.2f}"),
                "soh_oem": _number(f"{min(100.0, soh + 0.8):.2f}"),
                "soh_comparison": _number(f"{vehicle.early_fade - 2.0:.2f}"),
                "cycles": cycles,
                "consumption": _number(f"{vehicle.model.consumption + moment.uniform(-1, 1):.1f}"),
                "region": vehicle.region,
                "location": {"latitude": vehicle.latitude, "longitude": vehicle.longitude},
                "speed": moment.randint(20, 130) if is_driving else 0,
                "level_1": cycles // 2,
                "level_2": cycles // 3,
                "level_3": cycles // 6,
                "state_of_charge": _number(f"{moment.uniform(10, 100):.1f}"),
                "record_version": version,
            }
        )

    def _vehicle(self, vin: str) -> Vehicle:
        draw = Random(f"{self._seed}/{vin}")  # noqa: S311 - seeded data, not a secret
        return Vehicle(
            vin=vin,
            serial=_BEYOND_DOUBLES + 2 * draw.randrange(10**12) + 1,
            model=draw.choice(MODELS),
            start=_FIRST_DAY + timedelta(days=draw.randrange(_SALES_DAYS)),
            origin=draw.choice(_ORIGINS),
            region=draw.choice(_REGIONS),
            latitude=round(draw.uniform(41, 55), 4),
            longitude=round(draw.uniform(-4, 21), 4),
            km_a_day=draw.uniform(12, 90),
            fade=draw.uniform(0.4, 1.6),
            early_fade=draw.uniform(1.0, 3.0),
        )


def _number(literal: str) -> msgspec.Raw:
    return msgspec.Raw(literal.encode())
