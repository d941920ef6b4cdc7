"""Vehicles."""

from collections.abc import Callable
from dataclasses import dataclass
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
from plg.domain.records.declared.resources import ResourceSpec
from plg.domain.records.entries import Entry
from plg.domain.records.lookups import Outcome
from plg.domain.records.meter_rules import (
    VEHICLE_TRENDLINE,
    VEHICLE_WARRANTY,
    MeterRule,
)
from plg.domain.records.trendline import Trendline, TrendQuery
from plg.domain.records.vehicles import Vin
from plg.entrypoints.http.api.records.lookups import ShowRecord
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
from plg.entrypoints.http.gate.gate import Gate
from plg.entrypoints.http.gate.records import (
    GuardedRecord,
    Peek,
    Rendered,
    Show,
    itself,
    never_at_hand,
)
from plg.entrypoints.http.protocol.caching import request_directives
from plg.entrypoints.http.protocol.context import RequestContext
from plg.entrypoints.http.protocol.rendering import RecordRenderer, kept_answer

Q = TypeVar("Q")
V = TypeVar("V", DynamicQuery, TrendQuery)
WARRANTY_PATH: Final = "/api/v1/vehicle/warranty/{vin}"
TRENDLINE_PATH: Final = "/api/v1/vehicle/trendline/{vin}"

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
    """
    Looks vehicles up by VIN.

    Attributes:
        static: What a declaration says of static data.
        dynamic: What it says of dynamic data.
    """

    static: ResourceSpec
    dynamic: ResourceSpec
    uses: VehicleUses
    gate: Gate
    render_static: RecordRenderer
    render_dynamic: RecordRenderer
    clock: ClockPort
    etag_of: Callable[[bytes], bytes]

    def endpoints(self) -> list[Endpoint]:
        """Return the routes of vehicles."""
        static, dynamic = self._show_static, self.peek_dynamic
        return [
            self._endpoint(
                self.static.paths[0].template,
                vin_from_path,
                itself,
                static,
                SHOW_STATIC,
                self.static.meter_rule,
                static.peek,
            ),
            self._endpoint(
                self.dynamic.paths[0].template,
                dynamic_query,
                _vehicle_of,
                self.show_dynamic,
                SHOW_DYNAMIC,
                self.dynamic.meter_rule,
                dynamic,
            ),
            self._endpoint(
                WARRANTY_PATH,
                vin_from_path,
                itself,
                self.show_warranty,
                SHOW_WARRANTY,
                VEHICLE_WARRANTY,
            ),
            self._endpoint(
                TRENDLINE_PATH,
                trend_query,
                _vehicle_of,
                self.show_trendline,
                SHOW_TRENDLINE,
                VEHICLE_TRENDLINE,
            ),
        ]

    def _endpoint(
        self,
        path: str,
        parse: Callable[[Scope], Q],
        vehicle_of: Callable[[Q], Vin],
        show: Show[Q],
        operation: Operation,
        rule: MeterRule,
        peek: Peek[Q] = never_at_hand,
    ) -> Endpoint:
        access = Access(self.static.scope)
        app = GuardedRecord(self.gate, access, parse, show, rule, vehicle_of, peek, vehicle_of)
        return Endpoint(path, app, operation)

    @property
    def _show_static(self) -> ShowRecord[Vin]:
        return ShowRecord(self.uses.get_static, self.render_static, self.clock)

    @property
    def _show_dynamic(self) -> ShowRecord[Vin]:
        return ShowRecord(self.uses.get_dynamic, self.render_dynamic, self.clock)

    def peek_dynamic(self, query: DynamicQuery, context: RequestContext) -> Entry | None:
        """Return the entry of now that is at hand; what was is never."""
        return None if query.at is not None else self._show_dynamic.peek(query.vin, context)

    async def show_dynamic(
        self,
        query: DynamicQuery,
        caller: Caller,
        context: RequestContext,
        at_hand: Entry | None = None,
    ) -> Rendered:
        """Answer with dynamic data, of now or as it was."""
        if query.at is None:
            return await self._show_dynamic(query.vin, caller, context, at_hand)
        kept = await self.uses.get_dynamic_at(query.vin, query.at)
        answer = kept_answer(kept.body, kept.etag, context.fields.get(b"if-none-match"))
        return Rendered(answer, Outcome.HIT, kept.etag)

    async def show_warranty(
        self, vin: Vin, caller: Caller, context: RequestContext, _at_hand: Entry | None = None
    ) -> Rendered:
        """Answer with what is left, as old and as fresh as the records that it rests on."""
        directives = request_directives(context.fields.get(b"cache-control"))
        found = await self.uses.get_warranty(vin, caller, directives)
        telling, entry = found.most_telling, self._entry(found)
        if_none_match = context.fields.get(b"if-none-match")
        answer = self.render_dynamic(entry, self.clock.now(), if_none_match, telling)
        return Rendered(answer, telling.outcome, entry.etag)

    async def show_trendline(
        self,
        query: TrendQuery,
        _caller: Caller,
        context: RequestContext,
        _at_hand: Entry | None = None,
    ) -> Rendered:
        """Answer with state of health over time."""
        body = _encoder.encode(_trendline(await self.uses.get_trendline(query)))
        etag = self.etag_of(body)
        answer = kept_answer(body, etag, context.fields.get(b"if-none-match"))
        return Rendered(answer, Outcome.HIT, etag)

    def lane_routes(self) -> list[LaneRoute]:
        """Return the routes that the fast lane may answer."""
        return [
            LaneRoute(
                spec.paths[0].template,
                Access(spec.scope),
                vin_of_segment,
                records,
                render,
                spec.meter_rule,
                is_vehicle=True,
                ignores_query=False,
            )
            for spec, records, render in (
                (self.static, self.uses.get_static.records, self.render_static),
                (self.dynamic, self.uses.get_dynamic.records, self.render_dynamic),
            )
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
