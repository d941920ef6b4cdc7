"""Look up how a vehicle was."""

from dataclasses import dataclass

from plg.application.ports.records.encoder import RecordEncoderPort
from plg.application.ports.work import UnitOfWorkPort
from plg.domain.errors import NoMatch
from plg.domain.records.entries import Representation
from plg.domain.records.vehicles import DynamicData, Vin


@dataclass(frozen=True, slots=True)
class GetDynamicDataAt:
    """Serve the newest observation that is not after a time; the source is not asked."""

    work: UnitOfWorkPort
    encoder: RecordEncoderPort[DynamicData]

    async def __call__(self, vin: Vin, at: float) -> Representation:
        """
        Return the record as it would have been answered then.

        Raises:
            NoMatch: If none is kept.
            StorageUnavailable: If the database fails.
        """
        async with self.work.look() as work:
            found = await work.observations.newest(vin, at)
        if found is None:
            raise NoMatch("No observation of this vehicle is kept from that time or before.")
        return self.encoder.encode(DynamicData(vin, found.document), found.observed_at)
