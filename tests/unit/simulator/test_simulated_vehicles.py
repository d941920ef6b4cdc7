"""Seeded vehicles: repeatable, plausible, and made on demand."""

import json
from datetime import date
from itertools import pairwise
from typing import Any

import pytest

from plg.entrypoints.simulator.vehicles import MODELS, REPORT_SECONDS, VehicleBook

VIN = "WVWZZZE1ZMP000001"
MINUTE = 1_700_000_040 // REPORT_SECONDS
DAY = 86_400 // REPORT_SECONDS
VINS = [f"WVWZZZE1ZMP0{number:05d}" for number in range(1, 100)]


@pytest.fixture(scope="module")
def book() -> VehicleBook:
    return VehicleBook(seed=7)


def static(book: VehicleBook, vin: str = VIN) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(book.static(vin, version=1))
    return found


def dynamic(book: VehicleBook, vin: str = VIN, minute: int = MINUTE) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(book.dynamic(vin, version=1, minute=minute))
    return found


def test_the_same_seed_gives_the_same_vehicle(book: VehicleBook) -> None:
    twin = VehicleBook(seed=7)

    assert twin.static(VIN, 1) == book.static(VIN, 1)
    assert twin.dynamic(VIN, 1, MINUTE) == book.dynamic(VIN, 1, MINUTE)


def test_another_seed_gives_another_vehicle(book: VehicleBook) -> None:
    assert VehicleBook(seed=8).static(VIN, 1) != book.static(VIN, 1)


def test_two_vehicles_differ(book: VehicleBook) -> None:
    assert static(book, VINS[0])["battery_serial"] != static(book, VINS[1])["battery_serial"]


def test_a_new_version_changes_the_content_of_both_records(book: VehicleBook) -> None:
    assert book.static(VIN, 2) != book.static(VIN, 1)
    assert book.dynamic(VIN, 2, MINUTE) != book.dynamic(VIN, 1, MINUTE)


@pytest.mark.parametrize("vin", VINS[:20])
def test_what_a_vehicle_is_hangs_together(book: VehicleBook, vin: str) -> None:
    record = static(book, vin)
    start, end = (date.fromisoformat(record[name]) for name in ("start_date", "warranty_date"))

    assert record["vin"] == vin
    assert (record["make_name"], record["model_name"]) in {(m.make, m.name) for m in MODELS}
    assert 40 < record["net_capacity"] < record["capacity"] < 100
    assert 7 <= end.year - start.year <= 8
    assert 150_000 <= record["warranty_km"] <= 200_000


@pytest.mark.parametrize("vin", VINS[:20])
def test_how_a_vehicle_is_hangs_together(book: VehicleBook, vin: str) -> None:
    record = dynamic(book, vin)

    assert record["timestamp"] == "2023-11-14T22:14:00Z"
    assert 70 < record["soh"] <= 100
    assert record["cycles"] <= record["odometer"] / 300
    assert 10 < record["consumption"] < 25
    assert record["level_1"] + record["level_2"] + record["level_3"] <= record["cycles"]


def test_it_drives_and_ages_with_time(book: VehicleBook) -> None:
    days = [dynamic(book, minute=MINUTE + n * 100 * DAY) for n in range(10)]

    assert all(later["odometer"] > earlier["odometer"] for earlier, later in pairwise(days))
    assert all(later["soh_oem"] <= earlier["soh_oem"] for earlier, later in pairwise(days))
    assert days[-1]["cycles"] > days[0]["cycles"]
    assert days[-1]["soh"] < days[0]["soh"]


def test_before_its_first_day_it_is_new(book: VehicleBook) -> None:
    record = dynamic(book, minute=0)

    assert (record["odometer"], record["cycles"], record["soh"] > 99) == (0, 0, True)


def test_some_drive_and_some_stand(book: VehicleBook) -> None:
    speeds = [dynamic(book, vin)["speed"] for vin in VINS]

    assert 0 < sum(speed > 0 for speed in speeds) < len(VINS)


def test_numbers_keep_their_trailing_zeros(book: VehicleBook) -> None:
    body = book.static(VIN, 1)

    assert b'"capacity":' in body
    assert body.split(b'"capacity":')[1].split(b",")[0].endswith(b"0")
    assert int(float(static(book)["battery_serial"])) != static(book)["battery_serial"]


@pytest.mark.parametrize("vin", [VIN, "A123456789", "Z" * 25])
def test_any_vin_is_a_vehicle(book: VehicleBook, vin: str) -> None:
    assert book.exists(vin)


@pytest.mark.parametrize(
    "vin", ["WVWZZZE1ZMP000100", "A123456700", "A12345678", "Z" * 26, VIN.lower(), VIN + "\n", ""]
)
def test_some_are_none(book: VehicleBook, vin: str) -> None:
    assert not book.exists(vin)
