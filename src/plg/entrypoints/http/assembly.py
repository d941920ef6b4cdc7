"""The HTTP channel, assembled from what the container gives."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass
from functools import cache, partial
from multiprocessing import parent_process
from multiprocessing.process import BaseProcess
from typing import Final

from prometheus_client import CollectorRegistry, generate_latest
from starlette.routing import BaseRoute
from starlette.types import ASGIApp

from plg.application.ledger.meter_answers import MeterAnswers
from plg.container import Container, running
from plg.container.declared import Declared
from plg.entrypoints.http.api.devices.devices import DevicesApi
from plg.entrypoints.http.api.devices.user_devices import UserDevicesApi
from plg.entrypoints.http.api.fleets.fleets import FleetsApi
from plg.entrypoints.http.api.identity.accounts import MeApi
from plg.entrypoints.http.api.identity.api_keys import ApiKeysApi
from plg.entrypoints.http.api.identity.audit import AuditApi
from plg.entrypoints.http.api.identity.auth import AuthApi
from plg.entrypoints.http.api.identity.mailed_links import MailedLinksApi
from plg.entrypoints.http.api.identity.tokens import KeySetApi, TokensApi
from plg.entrypoints.http.api.identity.users import UsersApi
from plg.entrypoints.http.api.ledger.statements import StatementsApi
from plg.entrypoints.http.api.ledger.usage import UsageApi
from plg.entrypoints.http.api.notices.webhooks import WebhooksApi
from plg.entrypoints.http.api.operations.health import HealthApi
from plg.entrypoints.http.api.operations.metrics import MetricsApi
from plg.entrypoints.http.api.plans.account_terms import AccountTermsApi
from plg.entrypoints.http.api.plans.own_spend_cap import OwnSpendCapApi
from plg.entrypoints.http.api.plans.plans import PlansApi
from plg.entrypoints.http.api.records.declared import DeclaredApi, check_apart
from plg.entrypoints.http.api.records.players import PlayersApi
from plg.entrypoints.http.api.records.vehicles import VehiclesApi, VehicleUses
from plg.entrypoints.http.app import HttpApp, route_all
from plg.entrypoints.http.carrier.bounds import Bounds
from plg.entrypoints.http.carrier.connection import ServerContext
from plg.entrypoints.http.carrier.lane import FastLane
from plg.entrypoints.http.carrier.lane_routes import LaneRoute, LaneTable
from plg.entrypoints.http.docs.guide import guide_path
from plg.entrypoints.http.docs.openapi import openapi_json
from plg.entrypoints.http.docs.pages import DocumentPages
from plg.entrypoints.http.endpoints import Endpoint, routes_of
from plg.entrypoints.http.gate.gate import Gate
from plg.entrypoints.http.protocol.rendering import RecordRenderer
from plg.entrypoints.http.reload import Reload
from plg.entrypoints.http.routes import bind
from plg.entrypoints.http.telemetry import RequestTelemetry
from plg.settings import Settings

PLAYERS_TAG: Final = "players"
VEHICLES_TAG: Final = "vehicles"
PUBLISH_SECONDS: Final = 1.0
RESERVE_MARGIN_SECONDS: Final = 30.0
"""Past the time that the source has, a reserved unit is kept for so long."""


def build_app(container: Container) -> HttpApp:
    """Return the app that answers HTTP; its lifespan runs what works in the background."""
    settings: Settings = container.settings()
    telemetry = RequestTelemetry(container.registry(), log_ratio=settings.log.request_ratio)
    served = _served_by(container, container.declared())
    lane = FastLane(gate_of(container), LaneTable(served.lane_routes), telemetry, container.clock())
    bounds = Bounds(
        settings.server.connections_max,
        settings.server.request_seconds,
        settings.server.keep_alive_seconds,
    )
    server = ServerContext(bounds, telemetry, lane if settings.server.has_fast_lane else None)
    trusted = settings.server.trusted_proxies

    def adopt(declared: Declared) -> Callable[[], None]:
        newer = _served_by(container, declared)

        def take_over() -> None:
            lane.table.adopt(newer.lane_routes)
            app.adopt(newer.app, newer.routes)

        return take_over

    def lifespan() -> AbstractAsyncContextManager[None]:
        return _lifespan(container, Reload(container, adopt))

    app = HttpApp(served.app, server, trusted, lifespan, served.routes)
    return app


@dataclass(frozen=True, slots=True)
class Served:
    """What answers, on either way."""

    app: ASGIApp
    routes: Sequence[BaseRoute]
    lane_routes: Sequence[LaneRoute]


def _served_by(container: Container, declared: Declared) -> Served:
    """
    Return what answers where these resources are declared.

    Raises:
        SettingError: If one of them has the path of a route that there is without it.
    """
    settings: Settings = container.settings()
    gate, clock = gate_of(container), container.clock()
    render = RecordRenderer.under(container.policy())
    players = PlayersApi(container.player_spec(), container.get_player(), gate, render, clock)
    apis = [
        DeclaredApi(each.spec, each.get, gate, RecordRenderer.under(each.policy), clock)
        for each in declared.resources.values()
    ]
    endpoints = api_endpoints(container, gate, players)
    of_declared = [endpoint for api in apis for endpoint in api.endpoints()]
    documented = [*_with_source(settings, endpoints), *of_declared]
    document = partial(openapi_json, documented, guide_path(settings.server.docs_path))
    pages = DocumentPages(
        settings.server.docs_path, settings.server.public_base_url, cache(document)
    )
    present = [*endpoints, *pages.endpoints()]
    check_apart(declared.specs, present)
    routes = [*routes_of([*present, *of_declared]), *pages.mounts()]
    lane_routes = [
        *players.lane_routes(),
        *_vehicles(container, gate).lane_routes(),
        *(route for api in apis for route in api.lane_routes()),
    ]
    return Served(route_all(routes, settings.server.cors_allow_origins), routes, lane_routes)


def _with_source(settings: Settings, endpoints: Iterable[Endpoint]) -> list[Endpoint]:
    """Return the routes but those of records that have no source."""
    without = set()
    if not settings.serves_players:
        without.add(PLAYERS_TAG)
    if not settings.serves_vehicles:
        without.add(VEHICLES_TAG)
    return [
        each for each in endpoints if each.operation is None or each.operation.tag not in without
    ]


def gate_of(container: Container) -> Gate:
    """Return what stands before every route that asks for a credential."""
    settings: Settings = container.settings()
    return Gate(
        container.access.identify(),
        container.access.limits(),
        container.access.entitle(),
        container.access.find_account(),
        settings.server.trusted_proxies,
        _meter_answers(container),
    )


def _meter_answers(container: Container) -> MeterAnswers:
    settings: Settings = container.settings()
    seconds = max(settings.source.timeout_seconds, container.declared().seconds)
    reserve_seconds = seconds + RESERVE_MARGIN_SECONDS
    usage = container.usage()
    return MeterAnswers(usage.count_usage, container.clock(), reserve_seconds, usage.free_usage)


def api_endpoints(container: Container, gate: Gate, players: PlayersApi) -> list[Endpoint]:
    """Return every route that the OpenAPI document speaks of."""
    settings: Settings = container.settings()
    metrics = MetricsApi(
        _metrics_reader(container), settings.server.metrics_allow, settings.server.trusted_proxies
    )
    return [
        *players.endpoints(),
        *_vehicles(container, gate).endpoints(),
        *MailedLinksApi(gate, container.accounts()).endpoints(),
        *(endpoint for api in _apis(container) for endpoint in bind(api, gate)),
        *KeySetApi(container.access.access_tokens()).endpoints(),
        *HealthApi(container.check_health()).endpoints(),
        *metrics.endpoints(),
    ]


def _apis(container: Container) -> list[object]:
    """Return what says by its signatures which routes it has, in the documents' order."""
    accounts, billing, devices = container.accounts(), container.billing(), container.devices()
    access = container.access
    issuer = container.settings().server.public_base_url
    return [
        AuthApi(accounts),
        MeApi(accounts),
        UsersApi(accounts, billing.show_terms),
        UserDevicesApi(accounts.show_account, devices),
        AuditApi(accounts.list_audit),
        FleetsApi(container.fleets()),
        TokensApi(access.refresh_session(), access.verify_token(), access.end_session(), issuer),
        DevicesApi(devices),
        ApiKeysApi(container.keys()),
        PlansApi(billing),
        AccountTermsApi(billing, container.clock()),
        OwnSpendCapApi(billing.set_own_spend_cap),
        UsageApi(billing),
        StatementsApi(billing),
        WebhooksApi(container.notifications(), billing.list_notices),
    ]


def _vehicles(container: Container, gate: Gate) -> VehiclesApi:
    vehicles = container.vehicles
    uses = VehicleUses(
        vehicles.get_static(),
        vehicles.get_dynamic(),
        vehicles.get_dynamic_at(),
        vehicles.get_warranty(),
        vehicles.get_trendline(),
    )
    return VehiclesApi(
        vehicles.static_spec(),
        vehicles.dynamic_spec(),
        uses,
        gate,
        RecordRenderer.under(vehicles.static_policy()),
        RecordRenderer.under(vehicles.dynamic_policy()),
        container.clock(),
        container.etag_of(),
    )


def _metrics_reader(container: Container) -> Callable[[], bytes]:
    settings: Settings = container.settings()
    if settings.server.workers == 1:
        return lambda: generate_latest(container.registry())
    together = CollectorRegistry(auto_describe=False)
    together.register(container.worker_metrics())
    return lambda: generate_latest(together)


@asynccontextmanager
async def _lifespan(container: Container, reload: Reload) -> AsyncIterator[None]:
    settings: Settings = container.settings()
    with container.gateways().working():
        async with running(container):
            if settings.server.workers == 1:
                async with reload.on_signal():
                    yield
                return
            publishing = asyncio.create_task(_work_for(parent_process(), container))
            try:
                async with reload.through_parent():
                    yield
            finally:
                publishing.cancel()
                with suppress(asyncio.CancelledError):
                    await publishing


async def _work_for(parent: BaseProcess | None, container: Container) -> None:
    while parent is None or parent.is_alive():
        try:
            container.worker_metrics().publish()
        except OSError as error:  # a full disk, say: what watches the parent must not end with it
            container.observer().background_failed("publish_metrics", error)
        await asyncio.sleep(PUBLISH_SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)  # the parent was killed: nobody else would stop us
