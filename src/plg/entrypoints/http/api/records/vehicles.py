"""Vehicles."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final, TypeVar

import msgspec
from starlette.types import Scope

from plg.application.ports.clock import ClockPort
from plg.application.records.get_dynamic_at import GetDynamicDataAt
from plg.application.records.get_trendline import GetTrendline
from plg.application.records.get_vehicle import GetDynamicData, GetStaticData
from plg.application.records.get_warranty import GetWarranty, VehicleWarranty
from plg.domain.identity.access import Access, Caller
from plg.domain.identity.access import Scope as Permission
from plg.domain.records.entries import Entry
from plg.domain.records.lookups import Outcome
from plg.domain.records.trendline import Trendline, TrendQuery
from plg.domain.records.vehicles import Vin
from plg.entrypoints.http.api.records.lookups import ShowRecord, noting_failures
from plg.entrypoints.http.api.records.vehicle_operations import (
    SHOW_DYNAMIC,
    SHOW_STATIC,
    SHOW_TRENDLINE,
    SHOW_WARRANTY,
)
from plg.entrypoints.http.api.records.vehicle_requests import (
    DynamicQuery,
    dynamic_query,
    trend_query,
    vin_from_path,
    vin_of_segment,
)
from plg.entrypoints.http.carrier.lane_routes import LaneRoute
from plg.entrypoints.http.endpoints import Endpoint, Operation
from plg.entrypoints.http.gate.gate import Gate, Guarded
from plg.entrypoints.http.gate.metering import Meter, itself, never_at_hand
from plg.entrypoints.http.protocol.answers import Answer
from plg.entrypoints.http.protocol.caching import request_directives
from plg.entrypoints.http.protocol.context import RequestContext
from plg.entrypoints.http.protocol.rendering import RecordRenderer, kept_answer

Q = TypeVar("Q")
V = TypeVar("V", DynamicQuery, TrendQuery)
VEHICLE_ACCESS: Final = Access(Permission.VEHICLES_READ)
STATIC: Final = "vehicle_static"
DYNAMIC: Final = "vehicle_dynamic"
WARRANTY: Final = "vehicle_warranty"
TRENDLINE: Final = "vehicle_trendline"
_PREFIX: Final = "/api/v1/vehicle/"
STATIC_PATH: Final = _PREFIX + "static/{vin}"
DYNAMIC_PATH: Final = _PREFIX + "dynamic/{vin}"
WARRANTY_PATH: Final = _PREFIX + "warranty/{vin}"
TRENDLINE_PATH: Final = _PREFIX + "trendline/{vin}"

_encoder = msgspec.json.Encoder(decimal_format="number")


@dataclass(frozen=True, slots=True)
class VehicleUses:
    """What can be asked of vehicles."""

    get_static: GetStaticData
    get_dynamic: GetDynamicData
    get_dynamic_at: GetDynamicDataAt
    get_warranty: GetWarranty
    get_trendline: GetTrendline


@dataclass(frozen=True, slots=True)
class VehiclesApi:
    """Looks vehicles up by VIN."""

    uses: VehicleUses
    gate: Gate
    render_static: RecordRenderer
    render_dynamic: RecordRenderer
    clock: ClockPort
    etag_of: Callable[[bytes], bytes]

    def endpoints(self) -> list[Endpoint]:
        """Return the routes of vehicles."""
        show_static = self._show_static
        return [
            self._endpoint(
                STATIC_PATH, vin_from_path, itself, show_static, SHOW_STATIC, self._static_meter
            ),
            self._endpoint(
                DYNAMIC_PATH,
                dynamic_query,
                _vehicle_of,
                self.show_dynamic,
                SHOW_DYNAMIC,
                self._dynamic_meter,
            ),
            self._endpoint(
                WARRANTY_PATH,
                vin_from_path,
                itself,
                self.show_warranty,
                SHOW_WARRANTY,
                self._warranty_meter,
            ),
            self._endpoint(
                TRENDLINE_PATH,
                trend_query,
                _vehicle_of,
                self.show_trendline,
                SHOW_TRENDLINE,
                Meter(TRENDLINE, _vehicle_of, never_at_hand, is_vehicle=True),
            ),
        ]

    def _endpoint(
        self,
        path: str,
        parse: Callable[[Scope], Q],
        vehicle_of: Callable[[Q], Vin],
        show: Callable[[Q, Caller, RequestContext], Awaitable[Answer]],
        operation: Operation,
        meter: Meter[Q],
    ) -> Endpoint:
        access = VEHICLE_ACCESS
        app = Guarded(self.gate, access, parse, show, meter=meter, vehicle_of=vehicle_of)
        return Endpoint(path, app, operation)

    @property
    def _show_static(self) -> ShowRecord[Vin]:
        return ShowRecord(self.uses.get_static, self.render_static, self.clock)

    @property
    def _show_dynamic(self) -> ShowRecord[Vin]:
        return ShowRecord(self.uses.get_dynamic, self.render_dynamic, self.clock)

    @property
    def _static_meter(self) -> Meter[Vin]:
        return Meter(STATIC, itself, self._show_static.is_at_hand, is_vehicle=True)

    @property
    def _warranty_meter(self) -> Meter[Vin]:
        return Meter(WARRANTY, itself, never_at_hand, is_vehicle=True)

    @property
    def _dynamic_meter(self) -> Meter[DynamicQuery]:
        show = self._show_dynamic

        def is_at_hand(query: DynamicQuery, context: RequestContext) -> bool:
            return query.at is None and show.is_at_hand(query.vin, context)

        return Meter(DYNAMIC, _vehicle_of, is_at_hand, is_vehicle=True)

    async def show_dynamic(
        self, query: DynamicQuery, caller: Caller, context: RequestContext
    ) -> Answer:
        """Answer with dynamic data, of now or as it was."""
        if query.at is None:
            return await self._show_dynamic(query.vin, caller, context)
        with noting_failures(context):
            kept = await self.uses.get_dynamic_at(query.vin, query.at)
        context.outcome = Outcome.HIT
        return kept_answer(kept.body, kept.etag, context.fields.get(b"if-none-match"))

    async def show_warranty(self, vin: Vin, caller: Caller, context: RequestContext) -> Answer:
        """Answer with what is left, as old and as fresh as the records that it rests on."""
        directives = request_directives(context.fields.get(b"cache-control"))
        with noting_failures(context):
            found = await self.uses.get_warranty(vin, caller, directives)
        context.outcome = found.most_telling.outcome
        if_none_match = context.fields.get(b"if-none-match")
        entry = self._entry(found)
        return self.render_dynamic(entry, self.clock.now(), if_none_match, found.most_telling)

    async def show_trendline(
        self, query: TrendQuery, _caller: Caller, context: RequestContext
    ) -> Answer:
        """Answer with state of health over time."""
        with noting_failures(context):
            trendline = await self.uses.get_trendline(query)
        context.outcome = Outcome.HIT
        body = _encoder.encode(_trendline(trendline))
        return kept_answer(body, self.etag_of(body), context.fields.get(b"if-none-match"))

    def lane_routes(self) -> list[LaneRoute]:
        """Return the routes that the fast lane may answer."""
        return [
            LaneRoute(
                STATIC_PATH,
                VEHICLE_ACCESS,
                vin_of_segment,
                self.uses.get_static.records,
                self.render_static,
                self._static_meter,
                is_vehicle=True,
                ignores_query=False,
            ),
            LaneRoute(
                DYNAMIC_PATH,
                VEHICLE_ACCESS,
                vin_of_segment,
                self.uses.get_dynamic.records,
                self.render_dynamic,
                replace(self._static_meter, resource=DYNAMIC),
                is_vehicle=True,
                ignores_query=False,
            ),
        ]

    def _entry(self, found: VehicleWarranty) -> Entry:
        body = _encoder.encode(
            {
                "vin": found.vin.value,
                "end_date": found.warranty.end,
                "years_left": found.warranty.years,
                "km_left": found.warranty.km,
            }
        )
        first = found.first_to_expire.entry
        return Entry(
            body, self.etag_of(body), None, first.fetched_at, first.validated_at, first.ttl
        )


def _vehicle_of(query: V) -> Vin:
    return query.vin


def _trendline(trendline: Trendline) -> dict[str, object]:
    return {
        "vin": trendline.vin.value,
        "observations": trendline.observations,
        "is_complete": trendline.is_complete,
        "points": [
            {
                "timestamp": datetime.fromtimestamp(point.observed_at, UTC),
                "soh": point.soh,
                "odometer": point.odometer,
            }
            for point in trendline.points
        ],
    }
