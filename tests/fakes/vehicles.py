"""Vehicles as tests need them."""

from datetime import UTC, datetime

from plg.adapters.encoding.vehicles import JsonDynamicEncoder, JsonStaticEncoder
from plg.domain.records.entries import Entry
from plg.domain.records.vehicles import DynamicData, Observation, StaticData, Vin
from tests.fakes.clock import NOON

IDA = Vin("WVWZZZE1ZMP000001")
TOM = Vin("5YJ3E7EBZLF000002")
NO_VEHICLE = Vin("WVWZZZE1ZMP000100")


def static_document(**members: str) -> bytes:
    """Return an object of members, whose values are JSON already."""
    return b"{%b}" % b",".join(f'"{name}":{text}'.encode() for name, text in members.items())


def dynamic_document(at: float = NOON, *, soh: str = "94.20", odometer: str = "45231.70") -> bytes:
    moment = datetime.fromtimestamp(at, UTC).isoformat()
    return static_document(timestamp=f'"{moment}"', soh=soh, odometer=odometer)


def observation_of(
    vin: Vin = IDA,
    at: float = NOON,
    *,
    soh: float | None = 94.2,
    odometer: float | None = 45231.7,
    document: bytes | None = None,
) -> Observation:
    return Observation(vin, at, soh, odometer, document or dynamic_document(at))


def static_entry(vin: Vin = IDA, *, fetched_at: float = NOON, ttl: float = 100.0) -> Entry:
    made = JsonStaticEncoder().encode(StaticData(vin, static_document(make_name='"PLG"')), 0)
    return Entry(made.body, made.etag, None, fetched_at, fetched_at, ttl)


def dynamic_entry(vin: Vin = IDA, *, fetched_at: float = NOON, ttl: float = 100.0) -> Entry:
    made = JsonDynamicEncoder().encode(DynamicData(vin, dynamic_document()), 0)
    return Entry(made.body, made.etag, None, fetched_at, fetched_at, ttl)
