"""Vehicles from an HTTP source: two records a vehicle, one for each path."""

from plg.adapters.upstream.records import HttpRecordSource
from plg.adapters.upstream.vehicle_documents import check_vehicle_document
from plg.domain.records.vehicles import DynamicData, StaticData, Vin


class HttpStaticSource(HttpRecordSource[Vin, StaticData]):
    """What a vehicle is: one JSON object."""

    __slots__ = ()

    def read(self, key: Vin, body: bytes) -> StaticData:
        return read_static(key, body)


class HttpDynamicSource(HttpRecordSource[Vin, DynamicData]):
    """How a vehicle is: one JSON object."""

    __slots__ = ()

    def read(self, key: Vin, body: bytes) -> DynamicData:
        check_vehicle_document(body, key)
        return DynamicData(key, body)


def read_static(key: Vin, body: bytes) -> StaticData:
    """
    Return what a vehicle is, of the body of an answer.

    Raises:
        SourceBroken: If it breaks the contract.
    """
    check_vehicle_document(body, key)
    return StaticData(key, body)
