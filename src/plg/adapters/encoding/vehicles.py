"""Vehicles as JSON: written for clients, and read where PLG itself has to know something."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from math import isfinite
from typing import Any, Final, TypeVar

import msgspec

from plg.adapters.encoding.representations import representation
from plg.application.ports.records.encoder import RecordEncoderPort
from plg.application.ports.records.vehicles import UnreadableTime, VehicleReaderPort
from plg.domain.records.entries import Representation
from plg.domain.records.vehicles import DynamicData, Observation, StaticData, Vin
from plg.domain.records.warranty import WarrantyTerms
from plg.domain.rfc3339 import parse_time

T = TypeVar("T")

STATIC_MEMBERS: Final = (
    "vin",
    "make_name",
    "model_name",
    "version",
    "type",
    "battery_chemistry",
    "capacity",
    "net_capacity",
    "autonomy",
    "start_date",
    "warranty_date",
    "warranty_km",
    "source",
)
DYNAMIC_MEMBERS: Final = (
    "vin",
    "timestamp",
    "odometer",
    "soh",
    "soh_oem",
    "soh_comparison",
    "cycles",
    "consumption",
    "region",
    "location",
    "speed",
    "level_1",
    "level_2",
    "level_3",
)
NUMBER_LENGTH_MAX: Final = 24
TIME_SHOWN_MAX: Final = 40
NUMBER_MAX: Final = Decimal(10) ** 12
_NULL: Final = msgspec.Raw(b"null")

_encoder = msgspec.json.Encoder()
_members = msgspec.json.Decoder(dict[str, msgspec.Raw])
_text = msgspec.json.Decoder(str)
_number = msgspec.json.Decoder(Decimal)


class JsonStaticEncoder(RecordEncoderPort[StaticData]):
    """The members of the contract, null where the source has none, then all others it sends."""

    def encode(self, record: StaticData, fetched_at: float) -> Representation:  # noqa: ARG002 - a vehicle's body does not tell it
        return representation(_body(record.vin, record.document, STATIC_MEMBERS))


class JsonDynamicEncoder(RecordEncoderPort[DynamicData]):
    """The members of the contract, null where the source has none, then all others it sends."""

    def encode(self, record: DynamicData, fetched_at: float) -> Representation:  # noqa: ARG002 - a vehicle's body does not tell it
        return representation(_body(record.vin, record.document, DYNAMIC_MEMBERS))


class JsonVehicleReader(VehicleReaderPort):
    """Reads the few members that rules need; what is no such value counts as unknown."""

    def observation(self, record: DynamicData) -> Observation | None:
        members = _members.decode(record.document)
        given = members.get("timestamp", _NULL)
        if bytes(given) == b"null":
            return None
        moment = _read(members, "timestamp", _moment)
        if moment is None:
            raise UnreadableTime(bytes(given)[:TIME_SHOWN_MAX].decode(errors="replace"))
        return Observation(
            record.vin,
            moment.timestamp(),
            _read(members, "soh", _float),
            _read(members, "odometer", _float),
            record.document,
        )

    def warranty_terms(self, static: bytes) -> WarrantyTerms:
        members = _members.decode(static)
        return WarrantyTerms(
            start=_read(members, "start_date", _date),
            end=_read(members, "warranty_date", _date),
            years=_read(members, "warranty_date", _amount),
            km=_read(members, "warranty_km", _amount),
        )

    def odometer(self, dynamic: bytes) -> Decimal | None:
        return _read(_members.decode(dynamic), "odometer", _amount)


def _body(vin: Vin, document: bytes, contract: tuple[str, ...]) -> bytes:
    members: dict[str, Any] = dict.fromkeys(contract, _NULL)
    members.update(_members.decode(document))
    members["vin"] = vin.value
    return _encoder.encode(members)


def _read(
    members: dict[str, msgspec.Raw], name: str, read: Callable[[msgspec.Raw], T | None]
) -> T | None:
    raw = members.get(name)
    if raw is None:
        return None
    try:
        return read(raw)
    except (ValueError, OverflowError):  # what msgspec raises is a ValueError, too
        return None


def _amount(raw: msgspec.Raw) -> Decimal | None:
    literal = bytes(raw)
    if literal.startswith(b'"') or len(literal) > NUMBER_LENGTH_MAX:
        return None
    number = _number.decode(literal)
    return number if 0 <= number <= NUMBER_MAX else None


def _float(raw: msgspec.Raw) -> float | None:
    literal = bytes(raw)
    if literal.startswith(b'"'):
        return None
    number = msgspec.json.decode(literal, type=float)
    return number if isfinite(number) else None


def _moment(raw: msgspec.Raw) -> datetime:
    """Return an RFC 3339 time; one without a zone is taken as UTC."""
    moment = parse_time(_text.decode(raw), is_zone_needed=False)
    # At the end of the calendar rounding may put it where UTC has no year any more.
    return datetime.fromtimestamp(moment.timestamp(), UTC)


def _date(raw: msgspec.Raw) -> date:
    return datetime.fromisoformat(_text.decode(raw)).date()
