"""What vehicles were observed to be."""

from abc import abstractmethod
from collections.abc import Sequence
from typing import Protocol

from plg.domain.records.trendline import TrendPoint
from plg.domain.records.vehicles import Observation, Vin


class ObservationsPort(Protocol):
    """Dynamic data, once for each vehicle and time that it gives itself."""

    @abstractmethod
    async def add(self, observations: Sequence[Observation]) -> None:
        """Keep them; one that is there already under its vehicle and time stays as it is."""

    @abstractmethod
    async def newest(self, vin: Vin, at: float) -> Observation | None:
        """Return the newest one of the vehicle that is not after `at`, or None."""

    @abstractmethod
    async def forget(self, vin: Vin, *, limit: int) -> int:
        """Remove observations of the vehicle, at most so many; return how many there were."""

    @abstractmethod
    async def points(
        self, vin: Vin, since: float | None, until: float | None, *, limit: int
    ) -> list[TrendPoint]:
        """
        Return the newest `limit` points of the vehicle from `since` to `until`, both included.

        They are in the order of time.
        """
