"""Fleets over HTTP, for admins."""

from typing import Any

import httpx
import pytest

from plg.domain.identity.accounts import Role
from tests.fakes.vehicles import IDA, TOM
from tests.integration.http.conftest import OpenGateway
from tests.integration.http.fleets_world import imported, target_of
from tests.integration.http.gateway import Gateway
from tests.integration.http.keyholders import Holder, ask, holder_in

FLEETS = "/api/v1/fleets"


@pytest.fixture
async def gateway(open_: OpenGateway) -> Gateway:
    gateway = await open_(RATE_LIMIT_ADMIN="100000/minute")
    for code in ("north", "south", "west"):
        await imported(gateway, [IDA], code)
    return gateway


@pytest.fixture
async def admin(gateway: Gateway) -> Holder:
    return await holder_in(gateway, "admin", Role.ADMIN)


@pytest.fixture
async def ana(gateway: Gateway) -> Holder:
    return await holder_in(gateway, "ana")


async def send(gateway: Gateway, holder: Holder, method: str, path: str) -> httpx.Response:
    async with gateway.client(headers=holder.headers) as client:
        return await client.request(method, path)


def path_of(holder: Holder, code: str = "") -> str:
    return f"/api/v1/users/{holder.caller.account_id}/fleets" + (f"/{code}" if code else "")


async def codes(gateway: Gateway, admin: Holder, path: str) -> list[str]:
    answer: dict[str, Any] = (await send(gateway, admin, "GET", path)).json()
    return [fleet["code"] for fleet in answer["items"]]


async def test_fleets_are_listed_in_pages(gateway: Gateway, admin: Holder) -> None:
    first = (await send(gateway, admin, "GET", f"{FLEETS}?limit=2")).json()
    rest = await codes(gateway, admin, f"{FLEETS}?limit=2&cursor={first['next_cursor']}")

    assert first["items"][0] == {
        "code": "north",
        "name": "north",
        "vehicles": 1,
        "imported_at": "2023-11-14T22:13:20Z",
    }
    assert ([each["code"] for each in first["items"]], rest) == (["north", "south"], ["west"])


async def test_an_account_is_bound_and_unbound(
    gateway: Gateway, admin: Holder, ana: Holder
) -> None:
    story = []
    for method, code in (
        ("PUT", "south"),
        ("PUT", "north"),
        ("PUT", "north"),
        ("DELETE", "south"),
        ("DELETE", "south"),
        ("DELETE", "north"),
    ):
        status = (await send(gateway, admin, method, path_of(ana, code))).status_code
        foreign = (await ask(gateway, ana.key, target_of("static", TOM))).status_code
        story.append((status, await codes(gateway, admin, path_of(ana)), foreign))

    assert story == [
        (204, ["south"], 403),
        (204, ["north", "south"], 403),
        (204, ["north", "south"], 403),
        (204, ["north"], 403),
        (404, ["north"], 403),
        (204, [], 403),
    ]
    answer = await ask(gateway, ana.key, target_of("static", TOM))
    assert "no fleet any more, and so no vehicle" in answer.json()["detail"]


async def test_every_vehicle_is_opened_to_who_has_no_fleet_left(
    gateway: Gateway, admin: Holder, ana: Holder
) -> None:
    every = path_of(ana).replace("/fleets", "/every-vehicle")
    story = []
    for method, path in (
        ("PUT", path_of(ana, "north")),
        ("PUT", every),
        ("DELETE", path_of(ana, "north")),
        ("PUT", every),
        ("PUT", every),
    ):
        status = (await send(gateway, admin, method, path)).status_code
        foreign = (await ask(gateway, ana.key, target_of("static", TOM))).status_code
        story.append((status, foreign))

    assert story == [(204, 403), (409, 403), (204, 403), (204, 200), (204, 200)]


async def test_who_did_it_is_written_down(gateway: Gateway, admin: Holder, ana: Holder) -> None:
    for method in ("PUT", "PUT", "DELETE"):
        await send(gateway, admin, method, path_of(ana, "north"))
        gateway.clock.advance(1)
    target = f"account:{ana.caller.account_id}"
    log = (await send(gateway, admin, "GET", f"/api/v1/audit?target={target}&limit=2")).json()

    assert [
        (each["action"], each["details"], each["actor"]["account_id"]) for each in log["items"]
    ] == [
        ("account.fleet_unbound", {"fleet": "north"}, admin.caller.account_id),
        ("account.fleet_bound", {"fleet": "north"}, admin.caller.account_id),
    ]


@pytest.mark.parametrize(
    ("method", "more", "expected"),
    [
        ("PUT", "users/{id}/fleets/east", (404, "not_found")),
        ("DELETE", "users/{id}/fleets/east", (404, "not_found")),
        ("PUT", "users/{id}/fleets/North", (400, "invalid_parameter")),
        ("PUT", "users/nobody/fleets/north", (404, "not_found")),
        ("GET", "users/nobody/fleets", (404, "not_found")),
        ("PUT", "users/nobody/every-vehicle", (404, "not_found")),
        ("GET", "fleets?limit=0", (400, "invalid_parameter")),
    ],
)
async def test_what_cannot_be_is_told(
    gateway: Gateway,
    admin: Holder,
    ana: Holder,
    method: str,
    more: str,
    expected: tuple[int, str],
) -> None:
    answer = await send(
        gateway, admin, method, "/api/v1/" + more.replace("{id}", ana.caller.account_id or "")
    )

    assert (answer.status_code, answer.json()["code"]) == expected


async def test_fleets_are_for_admins(gateway: Gateway, ana: Holder) -> None:
    for method, path in (
        ("GET", FLEETS),
        ("GET", path_of(ana)),
        ("PUT", path_of(ana, "north")),
        ("DELETE", path_of(ana, "north")),
    ):
        answer = await send(gateway, ana, method, path)
        assert (answer.status_code, answer.json()["code"]) == (403, "insufficient_scope")
