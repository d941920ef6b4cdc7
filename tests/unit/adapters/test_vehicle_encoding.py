"""Vehicles as JSON."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from plg.adapters.encoding.representations import strong_etag
from plg.adapters.encoding.vehicles import (
    DYNAMIC_MEMBERS,
    STATIC_MEMBERS,
    JsonDynamicEncoder,
    JsonStaticEncoder,
    JsonVehicleReader,
)
from plg.application.ports.records.vehicles import UnreadableTime
from plg.domain.records.vehicles import DynamicData, StaticData
from tests.fakes.clock import NOON
from tests.fakes.vehicles import IDA, static_document

READER = JsonVehicleReader()
NOON_TEXT = '"2023-11-14T22:13:20Z"'


def static(**members: str) -> bytes:
    return JsonStaticEncoder().encode(StaticData(IDA, static_document(**members)), NOON).body


def dynamic(**members: str) -> bytes:
    return JsonDynamicEncoder().encode(DynamicData(IDA, static_document(**members)), NOON).body


def test_members_that_the_source_does_not_send_are_null() -> None:
    assert json.loads(static()) == dict.fromkeys(STATIC_MEMBERS) | {"vin": IDA.value}
    assert json.loads(dynamic()) == dict.fromkeys(DYNAMIC_MEMBERS) | {"vin": IDA.value}


def test_the_contracts_members_come_first_and_in_its_order() -> None:
    members = list(json.loads(static(extra="1", source='"oem"', capacity="62")))

    assert members == [*STATIC_MEMBERS, "extra"]


def test_what_the_source_knows_besides_passes_through_to_the_last_digit() -> None:
    big = "12345678901234567890.1200"
    body = dynamic(soh="94.20", odometer=big, cells=f'[{big}, {{"a" : 1.0}}]')

    assert '"soh":94.20' in body.decode()
    assert f'"odometer":{big}' in body.decode()
    assert f'"cells":[{big}, {{"a" : 1.0}}]' in body.decode()


def test_the_vin_is_told_in_its_folded_form() -> None:
    assert json.loads(static(vin='"wvwzzze1zmp000001"'))["vin"] == IDA.value


def test_the_same_record_has_the_same_body_whenever_it_was_fetched() -> None:
    record = StaticData(IDA, static_document(make_name='"PLG"'))
    made = [JsonStaticEncoder().encode(record, at) for at in (NOON, NOON + 1)]

    assert made[0] == made[1]
    assert made[0].etag == strong_etag(made[0].body)


def observed(**members: str) -> tuple[float, float | None, float | None] | None:
    found = READER.observation(DynamicData(IDA, static_document(**members)))
    return None if found is None else (found.observed_at, found.soh, found.odometer)


def test_an_observation_has_its_own_time() -> None:
    assert observed(timestamp=NOON_TEXT, soh="94.20", odometer="45231.70") == (
        NOON,
        94.2,
        45231.7,
    )


def test_an_observation_keeps_the_document_as_it_came() -> None:
    document = static_document(timestamp=NOON_TEXT, soh="94.20")
    found = READER.observation(DynamicData(IDA, document))

    assert found is not None
    assert (found.vin, found.document) == (IDA, document)


@pytest.mark.parametrize(
    "text",
    [
        '"2023-11-14T23:13:20+01:00"',
        '"2023-11-14t22:13:20z"',
        '"2023-11-14T22:13:20"',
        '"2023-11-14 22:13:20.000Z"',
    ],
)
def test_times_are_read_with_their_zone_and_as_utc_without(text: str) -> None:
    found = observed(timestamp=text)

    assert found is not None
    assert found[0] == NOON


@pytest.mark.parametrize(
    "members",
    [
        {},
        {"timestamp": "null"},
    ],
)
def test_without_a_time_of_its_own_it_is_no_observation(members: dict[str, str]) -> None:
    assert observed(**members) is None


@pytest.mark.parametrize(
    "given",
    [
        "1700000000",
        '"soon"',
        '""',
        "[]",
        '"20231114T221320Z"',
        '"2023-W46-2T22:13:20Z"',
        '"2023-11-14T22:13Z"',
        '"9999-12-31T23:59:59-10:00"',
        '"9999-12-31T23:59:59.999999Z"',
        '"0001-01-01T00:00:00+10:00"',
        '"' + "2" * 1000 + '"',
    ],
)
def test_a_time_that_cannot_be_read_is_told(given: str) -> None:
    with pytest.raises(UnreadableTime) as caught:
        observed(timestamp=given)

    assert str(caught.value) == given[:40]


@pytest.mark.parametrize("figure", ['"94.2"', "null", "true", "[94.2]", "1e999", "-1e999"])
def test_a_figure_of_another_kind_is_unknown(figure: str) -> None:
    assert observed(timestamp=NOON_TEXT, soh=figure, odometer=figure) == (NOON, None, None)


def test_the_warranty_is_read_from_the_body() -> None:
    body = static(start_date='"2022-03-14"', warranty_date='"2030-03-14T00:00:00Z"')
    terms = READER.warranty_terms(body)

    assert (terms.start, terms.end, terms.years) == (date(2022, 3, 14), date(2030, 3, 14), None)


def test_a_warranty_date_that_is_a_number_is_years() -> None:
    terms = READER.warranty_terms(static(warranty_date="8", warranty_km="160000.50"))

    assert (terms.end, terms.years, str(terms.km)) == (None, Decimal(8), "160000.50")


@pytest.mark.parametrize("figure", ["-1", '"160000"', "null", "1e13", "1." + "0" * 30, "{}"])
def test_kilometres_that_cannot_be_are_unknown(figure: str) -> None:
    assert READER.warranty_terms(static(warranty_km=figure)).km is None
    assert READER.odometer(dynamic(odometer=figure)) is None


def test_the_odometer_is_read_exactly() -> None:
    assert str(READER.odometer(dynamic(odometer="45231.70"))) == "45231.70"


def test_a_moment_before_the_epoch_is_one() -> None:
    found = observed(timestamp='"0001-01-01T00:00:00Z"')

    assert found is not None
    assert datetime.fromtimestamp(found[0], UTC).year == 1
