"""What PLG itself has to know of a vehicle's records."""

from abc import abstractmethod
from decimal import Decimal
from typing import Protocol

from plg.domain.records.vehicles import DynamicData, Observation
from plg.domain.records.warranty import WarrantyTerms


class UnreadableTime(ValueError):
    """A record says when it was observed, but not as RFC 3339 does; the text is what it says."""


class VehicleReaderPort(Protocol):
    """Reads single members of records; one that is missing or of another kind is unknown."""

    @abstractmethod
    def observation(self, record: DynamicData) -> Observation | None:
        """
        Return the record as an observation, or None where it gives no time of its own.

        Raises:
            UnreadableTime: If it gives one that is none.
        """

    @abstractmethod
    def warranty_terms(self, static: bytes) -> WarrantyTerms:
        """Return the warranty that the body of static data tells of."""

    @abstractmethod
    def odometer(self, dynamic: bytes) -> Decimal | None:
        """Return the kilometres that the body of dynamic data tells of."""
