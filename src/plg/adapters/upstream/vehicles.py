"""Vehicles from an HTTP source: two records a vehicle, one for each path."""

from plg.adapters.upstream.records import HttpRecordSource
from plg.adapters.upstream.vehicle_documents import check_vehicle_document
from plg.domain.records.vehicles import DynamicData, StaticData, Vin


class HttpStaticSource(HttpRecordSource[Vin, StaticData]):
    """`GET {base}/vehicles/{vin}/static`, answered by one JSON object."""

    __slots__ = ()

    def target(self, key: Vin) -> str:
        return static_target(key)

    def read(self, key: Vin, body: bytes) -> StaticData:
        return read_static(key, body)


class HttpDynamicSource(HttpRecordSource[Vin, DynamicData]):
    """`GET {base}/vehicles/{vin}/dynamic`, answered by one JSON object."""

    __slots__ = ()

    def target(self, key: Vin) -> str:
        return f"/vehicles/{key.value}/dynamic"

    def read(self, key: Vin, body: bytes) -> DynamicData:
        check_vehicle_document(body, key)
        return DynamicData(key, body)


def static_target(key: Vin) -> str:
    """Return the path under which the source answers what a vehicle is."""
    return f"/vehicles/{key.value}/static"


def read_static(key: Vin, body: bytes) -> StaticData:
    """
    Return what a vehicle is, of the body of an answer to `static_target(key)`.

    Raises:
        SourceBroken: If it breaks the contract.
    """
    check_vehicle_document(body, key)
    return StaticData(key, body)
