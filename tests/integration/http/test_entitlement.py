"""Who is bound to fleets gets their vehicles, and learns nothing of others."""

import asyncio
import shutil
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack, closing
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Final

import httpx
import pytest

from plg.application.identity.follow_changes import TRUST_SECONDS
from plg.domain.errors import StorageUnavailable
from plg.domain.identity.access import Scope
from plg.entrypoints.http.endpoints import CountedRoute
from plg.entrypoints.http.gate.records import GuardedRecord
from tests.fakes.signing import Outgoing, sign
from tests.fakes.vehicles import IDA, TOM
from tests.integration.http.fleets_world import (
    NORTH,
    OUTSIDE,
    PARTS,
    bound,
    filled,
    imported,
    target_of,
    unbound,
)
from tests.integration.http.gateway import Gateway, open_gateway
from tests.integration.http.vault import WIDE, Vault

CREDENTIALS: Final = ("vehicles key", "user token", "device token", "signature")
WAYS_TO_ASK: Final[Sequence[dict[str, str]]] = (
    {},
    {"idempotency_key": "k"},
    {"cache_control": "no-cache"},
    {"if_none_match": "*"},
)
REFUSAL: Final = {
    "type": "/problems/not_entitled",
    "title": "The vehicle is not in your fleets",
    "status": 403,
    "code": "not_entitled",
    "detail": "The vehicle is in none of your account's fleets; ask the operator to add it to one.",
}
EVERYONE = pytest.mark.parametrize("who", CREDENTIALS)
EVERY_PART = pytest.mark.parametrize("part", PARTS)


@dataclass(slots=True)
class Bound:
    """A gateway in which the user's account is bound to the fleet that Ida is in."""

    gateway: Gateway
    vault: Vault

    @property
    def account_id(self) -> str:
        return self.vault.ids["user"]

    def credential(self, who: str, method: str, target: str) -> Mapping[str, str]:
        if who != "signature":
            return {"Authorization": f"Bearer {self.vault[who]}"}
        made = self.vault.living_device
        message = Outgoing(method, self.gateway.settings.server.public_base_url + target)
        sign(message, made.device.id, made.secret, now=self.gateway.clock.now())
        return message.headers

    async def ask(
        self, target: str, who: str = "vehicles key", method: str = "GET", **more: str
    ) -> httpx.Response:
        named = {name.replace("_", "-"): value for name, value in more.items()}
        headers = {**self.credential(who, method, target), **named}
        async with self.gateway.client(headers=headers) as client:
            return await client.request(method, target)

    async def cost(self) -> tuple[int, list[str]]:
        """Return how often the source was called, and all that counts what accounts used."""
        await self.gateway.settle()
        path = self.gateway.settings.storage.data_dir / "db.sqlite3"
        with closing(sqlite3.connect(path)) as connection:
            lines = connection.iterdump()
            counted = [line for line in lines if "usage" in line or "reservations" in line]
        return self.gateway.simulator.stats.calls, counted


@pytest.fixture
async def world(furnished: tuple[Path, Vault], tmp_path: Path, stack: AsyncExitStack) -> Bound:
    folder, vault = furnished
    shutil.copytree(folder, tmp_path / "data")
    gateway = await stack.enter_async_context(open_gateway(tmp_path / "data", **WIDE))
    await imported(gateway)
    world = Bound(gateway, vault)
    await bound(gateway, world.account_id)
    await filled(gateway, IDA, TOM)
    return world


async def test_every_route_of_vehicles_says_which_vehicle_it_is_about(world: Bound) -> None:
    guarded = [
        app
        for route in world.gateway.app.routes
        if isinstance(route, CountedRoute)
        for app in route.apps.values()
        if isinstance(app, GuardedRecord) and app.access.scope == Scope.VEHICLES_READ
    ]
    lane = world.gateway.app.server.lane

    assert len(guarded) >= 8
    assert all(app.vehicle_of is not None for app in guarded)
    assert lane is not None
    laned = [route for route in lane.table.routes if route.access.scope == Scope.VEHICLES_READ]
    assert [route.is_vehicle for route in laned] == [True, True]


@EVERYONE
@EVERY_PART
async def test_a_vehicle_of_the_fleet_is_answered(world: Bound, part: str, who: str) -> None:
    await world.ask(target_of("dynamic"), cache_control="no-store")
    answer = await world.ask(target_of(part), who)

    assert answer.status_code == (404 if part == "dynamic-at" else 200)


@EVERYONE
@EVERY_PART
async def test_any_other_one_is_a_403_that_costs_nothing_but_rate(
    world: Bound, part: str, who: str
) -> None:
    before = await world.cost()
    for vin, more in product(OUTSIDE, WAYS_TO_ASK):
        target = target_of(part, vin)
        answer = await world.ask(target, who, **more)
        head = await world.ask(target, who, "HEAD", **more)

        body = {name: text for name, text in answer.json().items() if name != "request_id"}
        assert (body, answer.status_code) == (REFUSAL, 403), (vin, more)
        assert (head.status_code, head.content) == (403, b""), (vin, more)
        assert "cache-status" not in answer.headers
        assert answer.headers["ratelimit"].startswith('"burst";r=')
    assert await world.cost() == before


async def test_a_text_that_is_no_vin_is_told_first(world: Bound) -> None:
    answer = await world.ask("/api/v1/vehicle/static/x")

    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_parameter")


async def test_who_is_bound_to_nothing_may_ask_for_all(world: Bound) -> None:
    service = await world.gateway.get(target_of("static", TOM))
    admin = await world.ask(target_of("static", TOM), "admin token")

    assert (service.status_code, admin.status_code) == (200, 200)


async def test_an_admin_who_is_bound_is_bound(world: Bound) -> None:
    await bound(world.gateway, world.vault.ids["admin"])
    statuses = [
        (await world.ask(target_of("static", vin), "admin token")).status_code for vin in (IDA, TOM)
    ]

    assert statuses == [200, 403]


async def test_players_have_nothing_to_do_with_it(world: Bound) -> None:
    assert (await world.ask("/api/v1/players/KB-000001", "user token")).status_code == 200


async def test_an_idempotency_key_opens_nothing_that_was_closed_since(world: Bound) -> None:
    first = await world.ask(target_of("static"), idempotency_key="k")
    await imported(world.gateway, [TOM], replaces=True)
    again = await world.ask(target_of("static"), idempotency_key="k")

    assert (first.status_code, again.status_code) == (200, 403)


async def test_what_is_not_remembered_is_never_allowed_without_a_database(world: Bound) -> None:
    await imported(world.gateway, [TOM])
    known = await world.ask(target_of("static"))
    await asyncio.to_thread(_rename, world.gateway, "account_fleets", "lost")
    answers = [await world.ask(target_of("static", vin)) for vin in (IDA, TOM)]

    assert known.status_code == 200
    assert [answer.status_code for answer in answers] == [200, 503]
    assert answers[1].json()["code"] == "storage_unavailable"


async def test_who_hears_of_no_changes_for_a_minute_remembers_no_vehicle(world: Bound) -> None:
    gateway = world.gateway
    assert (await world.ask(target_of("static"))).status_code == 200
    await asyncio.to_thread(_rename, gateway, "access_changes", "lost")
    gateway.clock.advance(TRUST_SECONDS)
    with pytest.raises(StorageUnavailable):
        await gateway.container.access.follow_changes()()
    await asyncio.to_thread(_rename, gateway, "account_fleets", "lost_too")

    assert (await world.ask(target_of("static"))).status_code == 503


async def test_who_loses_a_fleet_while_they_ask_has_lost_it_afterwards(world: Bound) -> None:
    await imported(world.gateway, [TOM], "south")
    await bound(world.gateway, world.account_id, "south")
    for _ in range(5):
        await bound(world.gateway, world.account_id, NORTH)
        answers, _ = await asyncio.gather(
            world.gateway.together(*(world.ask(target_of("static"), who) for who in CREDENTIALS)),
            unbound(world.gateway, world.account_id, NORTH),
        )

        assert {answer.status_code for answer in answers} <= {200, 403}
        for who in CREDENTIALS:
            assert (await world.ask(target_of("static"), who)).status_code == 403


def _rename(gateway: Gateway, table: str, name: str) -> None:
    path = gateway.settings.storage.data_dir / "db.sqlite3"
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute(f"ALTER TABLE {table} RENAME TO {name}")
