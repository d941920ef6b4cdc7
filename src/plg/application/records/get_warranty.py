"""Say what is left of a warranty."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from plg.application.ports.clock import ClockPort
from plg.application.ports.records.vehicles import VehicleReaderPort
from plg.application.records.get_vehicle import GetDynamicData, GetStaticData
from plg.domain.errors import NoMatch
from plg.domain.identity.access import Caller
from plg.domain.records.freshness import NO_DIRECTIVES, RequestDirectives
from plg.domain.records.lookups import Lookup, Outcome
from plg.domain.records.vehicles import Vin
from plg.domain.records.warranty import Warranty, warranty_left

MOST_TELLING: Final = (
    Outcome.STALE_IF_ERROR,
    Outcome.STALE_WHILE_REVALIDATE,
    Outcome.MISS,
    Outcome.REVALIDATED,
    Outcome.COLLAPSED,
    Outcome.HIT,
)


@dataclass(frozen=True, slots=True)
class VehicleWarranty:
    """What is left, and the lookups that it rests on: two, or one without dynamic data."""

    vin: Vin
    warranty: Warranty
    lookups: tuple[Lookup, ...]

    @property
    def first_to_expire(self) -> Lookup:
        """The lookup whose entry is the first to be stale."""
        return min(self.lookups, key=lambda each: each.entry.validated_at + each.entry.ttl)

    @property
    def most_telling(self) -> Lookup:
        """The lookup whose outcome says most about the whole."""
        return min(self.lookups, key=lambda each: MOST_TELLING.index(each.outcome))


@dataclass(frozen=True, slots=True)
class GetWarranty:
    """Make it of static and dynamic data; kilometres are unknown where there is no latter."""

    get_static: GetStaticData
    get_dynamic: GetDynamicData
    reader: VehicleReaderPort
    clock: ClockPort

    async def __call__(
        self, vin: Vin, caller: Caller, directives: RequestDirectives = NO_DIRECTIVES
    ) -> VehicleWarranty:
        """
        Return what is left today, in UTC.

        Raises:
            NoMatch: If there is no such vehicle.
            RateExceeded: As lookups do, and so on for NotCached and SourceError.
        """
        static = await self.get_static(vin, caller, directives)
        terms = self.reader.warranty_terms(static.entry.body)
        lookups: tuple[Lookup, ...] = (static,)
        odometer = None
        try:
            dynamic = await self.get_dynamic(vin, caller, directives)
        except NoMatch:
            pass
        else:
            lookups, odometer = (static, dynamic), self.reader.odometer(dynamic.entry.body)
        today = datetime.fromtimestamp(self.clock.now(), UTC).date()
        return VehicleWarranty(vin, warranty_left(terms, odometer, today), lookups)
