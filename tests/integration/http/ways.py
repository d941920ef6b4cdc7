"""Every way into a gateway, and who stands before it with credentials of every kind."""

import sqlite3
from collections import defaultdict
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass

import httpx
import msgspec

from plg.entrypoints.http.endpoints import CountedRoute
from plg.entrypoints.http.gate.gate import BehindGate
from tests.fakes.signing import Outgoing, sign
from tests.integration.http.forgery import Forger
from tests.integration.http.gateway import Gateway
from tests.integration.http.vault import Vault

Fields = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Way:
    """One method on one path, with what it would take to do something there."""

    method: str
    path: str
    scope: str | None
    target: str
    body: bytes


@dataclass(frozen=True, slots=True)
class World:
    """A gateway with credentials of every kind, good ones and bad ones."""

    gateway: Gateway
    vault: Vault
    forger: Forger

    @property
    def ways(self) -> list[Way]:
        """Every guarded way in, whatever routes there are."""
        return [
            Way(method, route.label, app.access.scope, self.target(route.label), self._body(route))
            for route in routes(self.gateway)
            for method, app in route.apps.items()
            if isinstance(app, BehindGate)
        ]

    def target(self, path: str) -> str:
        if path == "/api/":
            return "/api/?killer_bi_id=KB-000002"
        named = {
            "killer_bi_id": "KB-000002",
            "device_id": self.vault.living_device.device.id,
            "number": "PLG-2026-000001",
            "override_id": "01JDG7Q4X2ZC8M5W9K3T6V1B0N",
            "vin": "WVWZZZ1KZAW000001",
            "id": self.vault.ids["user" if "/users/" in path else "live key"],
        }
        return path.format_map(defaultdict(lambda: "1", named))  # whatever joins later

    def _body(self, route: CountedRoute) -> bytes:
        bodies = {
            "/api/v1/device/register": {"device_id": "till-0009"},
            "/api/v1/api-keys": {"name": "sneaked in"},
            "/api/v1/me": {"name": "Mallory"},
            "/api/v1/users/{id}": {"active": False},
        }
        return msgspec.json.encode(bodies.get(route.label, {"name": "Mallory"}))

    async def ask(self, way: Way, fields: Fields, peer: str = "127.0.0.1") -> httpx.Response:
        headers = [
            (name.encode(), value.encode("latin-1"))
            for name, value in [("Content-Type", "application/json"), *fields]
        ]
        async with self.gateway.client(headers={}, peer=peer) as client:
            content = None if way.method in ("GET", "HEAD") else way.body
            return await client.request(way.method, way.target, headers=headers, content=content)

    async def state(self) -> tuple[list[str], int]:
        """
        Return what is in the database, and how often the source was called.

        Left out is what is written now and then: last uses, heartbeats, sums that nobody pays for.
        """
        await self.gateway.settle()
        path = self.gateway.settings.storage.data_dir / "db.sqlite3"
        with closing(sqlite3.connect(path)) as there, closing(sqlite3.connect(":memory:")) as here:
            there.backup(here)
            here.execute("UPDATE api_keys SET last_used_at = NULL, last_used_address = NULL")
            here.execute("DELETE FROM incarnations")
            here.execute("DELETE FROM free_usage_sums")
            return list(here.iterdump()), self.gateway.simulator.stats.calls

    def signature(self, way: Way, *, secret: str = "", **how: float) -> Fields:
        """Return the fields of a request that the living device signs, unless `how` spoils it."""
        made = self.vault.living_device
        body = b"" if way.method in ("GET", "HEAD") else way.body
        url = self.gateway.settings.server.public_base_url + way.target
        message = Outgoing(way.method, url, body=body)
        now = self.gateway.clock.now() + how.get("off", 0)
        sign(message, made.device.id, secret or made.secret, now=now)
        return list(message.headers.items())


def routes(gateway: Gateway) -> list[CountedRoute]:
    return [route for route in gateway.app.routes if isinstance(route, CountedRoute)]
