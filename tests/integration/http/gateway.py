"""A whole gateway in process: simulated source, stopped clock, databases of its own."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import httpx

from plg.application.identity.identify import IdentifyCaller
from plg.container import Container, running
from plg.domain.records.entries import Entry
from plg.domain.records.players import KillerBiId
from plg.entrypoints.http.app import HttpApp
from plg.entrypoints.http.assembly import build_app
from plg.entrypoints.simulator.app import Simulator, SimulatorConfig, create_simulator
from plg.settings import Settings
from tests.fakes.clock import StoppedClock
from tests.fakes.entries import entry_of

KEY = "service-key-of-the-tests"
WITH_KEY = {"X-API-Key": KEY}
SOURCE_HOST = "source-host.internal.test"
ANA_PATH = "/api/v1/players/KB-000001"
ENVIRONMENT = {
    "API_KEY": KEY,
    "EXTERNAL_API_BASE_URL": f"http://{SOURCE_HOST}/hidden",
    "EXTERNAL_API_RETRIES_MAX": "0",
    "CACHE_TTL_SECONDS": "100",
    "CACHE_TTL_JITTER": "0",
    "CACHE_STALE_WHILE_REVALIDATE_SECONDS": "10",
    "CACHE_STALE_IF_ERROR_SECONDS": "1000",
}


class SimulatedHost(httpx.AsyncBaseTransport):
    """
    Carries calls for the source's address, path prefix included, to the simulator.

    `headers` are those of the last call; `fixed` has answers, by path, that are given instead.
    While its `gate` is clear, calls wait; while it `is_down`, they find nobody.
    """

    def __init__(self, simulator: Simulator) -> None:
        self._transport = httpx.ASGITransport(app=simulator)
        self.headers = httpx.Headers()
        self.fixed: dict[str, tuple[int, bytes]] = {}
        self.calls = 0
        self.targets: list[str] = []
        self.is_down = False
        self.gate = asyncio.Event()
        self.gate.set()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        assert request.url.host == SOURCE_HOST
        self.headers = request.headers
        self.calls += 1
        await self.gate.wait()
        path = request.url.raw_path.removeprefix(b"/hidden")
        self.targets.append(path.decode())
        if self.is_down:
            raise httpx.ConnectError("nobody listens")
        if path.decode() in self.fixed:
            status, body = self.fixed[path.decode()]
            return httpx.Response(status, content=body)
        inner = httpx.Request(
            request.method,
            request.url.copy_with(raw_path=path),
            headers=request.headers,
            stream=request.stream,
        )
        return await self._transport.handle_async_request(inner)


@dataclass(slots=True)
class Gateway:
    """The gateway and everything around it that a test moves or reads."""

    settings: Settings
    container: Container
    app: HttpApp
    clock: StoppedClock
    simulator: Simulator
    source: SimulatedHost

    def client(
        self, *, peer: str = "127.0.0.1", headers: Mapping[str, str] = WITH_KEY
    ) -> httpx.AsyncClient:
        """Return a client that calls the app itself, as from the address `peer`."""
        transport = httpx.ASGITransport(app=self.app, client=(peer, 4711))
        return httpx.AsyncClient(
            transport=transport, base_url="http://gateway.test", headers=dict(headers)
        )

    @property
    def key(self) -> str:
        return self.settings.access.service_key or ""

    @staticmethod
    async def together(*asking: Awaitable[httpx.Response]) -> list[httpx.Response]:
        return await asyncio.gather(*asking)

    async def get(self, target: str = ANA_PATH, **headers: str) -> httpx.Response:
        """Send one GET with the service key; underscores in header names become hyphens."""
        return await self.request("GET", target, **headers)

    async def request(self, method: str, target: str, **headers: str) -> httpx.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        async with self.client() as client:
            return await client.request(method, target, headers=named)

    async def remember(self, *keys: KillerBiId, body_bytes: int = 0, ttl: float = 100.0) -> Entry:
        """Put an entry for each key into memory; return the last."""
        for key in keys:
            entry = entry_of(key, fetched_at=self.clock.now(), ttl=ttl)
            if body_bytes:
                entry = replace(entry, body=entry.body.ljust(body_bytes))
            await self.container.player_memory().put(key, entry)
        return entry

    async def settle(self) -> None:
        """Return when all that requests left behind to be written is on disk."""
        await self.container.ledger().drain()
        await self.container.vehicles.observation_log().drain()

    async def deliver(self) -> None:
        """Deliver all notices that are due."""
        for deliver in self.container.notifications().deliveries:
            while await deliver():
                pass

    async def metrics(self) -> str:
        return (await self.get("/metrics")).text

    def bound(self, **bounds: float) -> None:
        """Replace bounds of connections by ones too small for any operator."""
        server = self.app.server
        server.bounds = replace(server.bounds, **bounds)  # type: ignore[arg-type]


@asynccontextmanager
async def open_gateway(
    data_dir: Path, identify: IdentifyCaller | None = None, /, **env: str
) -> AsyncIterator[Gateway]:
    """Open a gateway; `env` goes over the settings that tests share."""
    settings = Settings.from_env({**ENVIRONMENT, "DATA_DIR": str(data_dir), **env})
    container = Container(settings=settings)
    clock = StoppedClock()
    simulator = create_simulator(
        SimulatorConfig(seed=7),
        hang_up=lambda: httpx.ReadError("the source hung up"),
        now=clock.now,
    )
    container.clock.override(clock)
    container.notice_jobs.override(())  # tests say when
    source = SimulatedHost(simulator)
    container.player_transport.override(source)
    container.vehicles.transport.override(source)
    container.transport_of.override(lambda _calls_max: source)
    if identify is not None:
        container.access.identify.override(identify)
    app = build_app(container)
    async with running(container):
        yield Gateway(settings, container, app, clock, simulator, source)
        await container.player_memory().clear()  # a gateway lasts until garbage is collected
