"""Look a vehicle's records up."""

from plg.application.records.get_record import GetRecord
from plg.domain.records.vehicles import DynamicData, StaticData, Vin


class GetStaticData(GetRecord[Vin, StaticData]):
    """Serve what a vehicle is from the cache, or fetch, remember and serve it."""

    __slots__ = ()


class GetDynamicData(GetRecord[Vin, DynamicData]):
    """Serve how a vehicle is from the cache, or fetch, remember and serve it."""

    __slots__ = ()
