"""Every route but those that are open on purpose refuses whoever cannot prove who they are."""

import base64
import shutil
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Final

import httpx
import pytest

from plg.domain.identity.access import DATA_SCOPES, INCLUDED_IN, Scope
from plg.entrypoints.http.endpoints import CountedRoute
from plg.entrypoints.http.gate.gate import BehindGate
from tests.integration.http.forgery import forger_of
from tests.integration.http.gateway import KEY, open_gateway
from tests.integration.http.vault import WIDE, Vault, session
from tests.integration.http.ways import Fields, Way, World, routes

OPEN_ON_PURPOSE: Final = {
    "GET /.well-known/jwks.json",
    "GET /api/docs",
    "GET /api/docs/guide",
    "GET /api/redoc",
    "GET /api/v1/docs",
    "GET /api/v1/redoc",
    "GET /",
    "GET /api/v1/auth/email/verify",
    "GET /api/v1/auth/password/reset",
    "GET /api/v1/health",
    "GET /health",
    "GET /health/live",
    "GET /health/ready",
    "GET /metrics",
    "GET /openapi.json",
    "GET /problems/{code}",
    "GET /prometheus",
    "POST /api/v1/auth/email/verify",
    "POST /api/v1/auth/get-token",
    "POST /api/v1/auth/login",
    "POST /api/v1/auth/password/forgot",
    "POST /api/v1/auth/password/reset",
    "POST /api/v1/auth/refresh-token",
    "POST /api/v1/auth/register",
    "POST /api/v1/auth/token",
    "POST /api/v1/auth/token/refresh",
    "POST /api/v1/auth/token/verify",
    "POST /api/v1/leaked-credentials",
}
"""A route that is none of these must demand a credential."""


@pytest.fixture
async def world(furnished: tuple[Path, Vault], tmp_path: Path, stack: AsyncExitStack) -> World:
    folder, vault = furnished
    shutil.copytree(folder, tmp_path / "data")
    gateway = await stack.enter_async_context(open_gateway(tmp_path / "data", **WIDE))
    return World(gateway, vault, await forger_of(gateway, vault))


async def test_what_is_open_is_open_on_purpose(world: World) -> None:
    found = {
        f"{method} {route.label}"
        for route in routes(world.gateway)
        for method, app in route.apps.items()
        if method != "HEAD" and not isinstance(app, BehindGate)
    }

    assert found == OPEN_ON_PURPOSE


async def test_what_is_mounted_holds_documents_only(world: World) -> None:
    mounted = [route for route in world.gateway.app.routes if not isinstance(route, CountedRoute)]

    assert {getattr(route, "path", None) for route in mounted} == {"/api/docs/assets"}


Bad = Callable[[World, Way], Fields]


def key(name: str) -> Bad:
    return lambda world, _: [("X-API-Key", world.vault[name])]


def bearer(name: str) -> Bad:
    return lambda world, _: [("Authorization", f"Bearer {world.vault[name]}")]


def fixed(name: str, value: str) -> Bad:
    return lambda _world, _way: [(name, value)]


def _basic(world: World, _: Way) -> Fields:
    pair = f"user:{world.vault['live key']}".encode()
    return [("Authorization", f"Basic {base64.b64encode(pair).decode()}")]


def _foreign_signature(world: World, way: Way) -> Fields:
    """Return a signature by a device that was revoked."""
    made = world.vault.revoked_device
    spoiled = world.signature(way, secret=made.secret)
    return [(name, value.replace("till-0001", made.device.id)) for name, value in spoiled]


def _unsigned_input(world: World, way: Way) -> Fields:
    return [(name, value) for name, value in world.signature(way) if name != "Signature"]


def _for_another_way(world: World, way: Way) -> Fields:
    other = "PUT" if way.method != "PUT" else "POST"
    return world.signature(Way(other, way.path, way.scope, way.target, way.body))


UNPROVED: Final[Mapping[str, Bad]] = {
    "nothing": lambda _world, _way: [],
    "an empty key": fixed("X-API-Key", ""),
    "an empty bearer": fixed("Authorization", "Bearer "),
    "no bearer": fixed("Authorization", "Bearer"),
    "another scheme": fixed("Authorization", f"Token {KEY}"),
    "a key that is too long": fixed("X-API-Key", "plg_live_" + "k" * 9000),
    "letters beyond ASCII": lambda _world, _way: [("X-API-Key", "plg_live_\u00e4")],
    "part of the service key": fixed("X-API-Key", KEY[:-1]),
    "a key in a cookie": lambda world, _: [("Cookie", f"X-API-Key={world.vault['live key']}")],
    "a malformed token": fixed("Authorization", "Bearer a.b.c"),
    "a malformed key": fixed("X-API-Key", "plg_live_abc"),
    "a wrong checksum": key("key with a wrong checksum"),
    "a key that does not exist": key("unknown key"),
    "a revoked key": key("revoked key"),
    "a disabled key": key("disabled key"),
    "an expired key": key("expired key"),
    "a replaced secret": key("replaced secret"),
    "a key of a deactivated account": key("key of a deactivated account"),
    "a token of a deactivated account": bearer("token of a deactivated account"),
    "a token of an ended session": bearer("ended token"),
    "a token of a revoked device": bearer("revoked device token"),
    "a refresh token": bearer("user refresh token"),
    "a refresh token as a key": key("user refresh token"),
    "basic authentication": _basic,
    "a foreign signature": _foreign_signature,
    "a signature with a wrong secret": lambda world, way: world.signature(way, secret="x" * 43),
    "a stale signature": lambda world, way: world.signature(way, off=-301),
    "a signature from the future": lambda world, way: world.signature(way, off=301),
    "a signature for another way": _for_another_way,
    "half a signature": _unsigned_input,
}


@pytest.mark.parametrize("name", UNPROVED)
async def test_nobody_passes_with(world: World, name: str) -> None:
    await _refused(world, lambda way: UNPROVED[name](world, way), {401})


async def test_nobody_passes_with_a_forged_token(world: World) -> None:
    for name, token in world.forger.tokens().items():
        await _refused(world, _by_token(token), {401}, name)
    good = [("Authorization", f"Bearer {world.forger.token()}")]
    assert (await world.ask(world.ways[0], good)).status_code == 200  # forged in nothing


async def test_nobody_passes_from_elsewhere(world: World) -> None:
    fields = [("X-API-Key", world.vault["key from elsewhere"])]
    answers = await _refused(world, lambda _: fields, {403})

    assert {answer.json()["code"] for answer in answers if answer.content} == {"forbidden_network"}


@pytest.mark.parametrize(
    "fields",
    [
        [("X-API-Key", KEY), ("Authorization", "Bearer other")],
        [("X-API-Key", "{live key}"), ("Authorization", "Bearer {user token}")],
        [("X-API-Key", "{live key}"), ("X-API-Key", "{live key}")],
        [("Authorization", "Bearer {user token}"), ("Authorization", "Bearer {user token}")],
    ],
)
async def test_nobody_passes_with_two_credentials(world: World, fields: Fields) -> None:
    sent = [(name, value.format_map(world.vault.texts)) for name, value in fields]
    await _refused(world, lambda _: sent, {400})


async def test_nobody_passes_with_a_key_beside_a_signature(world: World) -> None:
    key = ("X-API-Key", world.vault["live key"])
    await _refused(world, lambda way: [*world.signature(way), key], {400})


async def test_nobody_passes_with_a_credential_in_the_query(world: World) -> None:
    token, key = world.vault["user token"], world.vault["live key"]
    before = await world.state()
    for way in world.ways:
        mark = "&" if "?" in way.target else "?"
        query = f"{mark}api_key={key}&X-API-Key={key}&access_token={token}&Authorization={token}"
        answer = await world.ask(
            Way(way.method, way.path, way.scope, way.target + query, way.body), []
        )
        assert answer.status_code == 401, way
    assert await world.state() == before


async def test_nobody_passes_with_a_replayed_signature(world: World) -> None:
    for way in world.ways:
        signed = world.signature(way)
        first = await world.ask(way, signed)
        before = await world.state()
        assert (await world.ask(way, signed)).status_code == 401, way
        assert await world.state() == before
        # What the device may do it does, and the rest is refused for its scopes.
        assert first.status_code in ((200, 404) if way.scope in DATA_SCOPES else (400, 403)), way


async def test_who_lacks_the_scope_is_told_which_it_is(world: World) -> None:
    key, others = world.vault["vehicles key"], world.vault["reader key"]
    before = await world.state()
    for way in world.ways:
        if way.scope is None:
            continue
        sent = others if way.scope == Scope.VEHICLES_READ else key
        answer = await world.ask(way, [("X-API-Key", sent)])
        challenge = f'Bearer realm="plg", error="insufficient_scope", scope="{way.scope}"'
        assert answer.status_code == 403, way
        assert answer.headers["www-authenticate"] == challenge
        if way.method != "HEAD":
            assert answer.json()["code"] == "insufficient_scope"
            assert answer.json()["scope"] == way.scope
    assert await world.state() == before


async def test_each_scope_opens_no_route_but_its_own(world: World) -> None:
    """A token that has all scopes but the one a route demands is refused."""
    for scope in {way.scope for way in world.ways if way.scope is not None}:
        lacking = frozenset(Scope) - {scope, INCLUDED_IN.get(scope, scope)}
        opened = await session(world.gateway, world.vault.ids["admin"], lacking)
        before = await world.state()
        for way in (way for way in world.ways if way.scope == scope):
            answer = await world.ask(way, [("Authorization", f"Bearer {opened.access_token}")])
            assert answer.status_code == 403, way
        assert await world.state() == before


def _by_token(token: str) -> Callable[[Way], Fields]:
    return lambda _: [("Authorization", f"Bearer {token}")]


async def _refused(
    world: World, fields: Callable[[Way], Fields], statuses: set[int], name: str = ""
) -> list[httpx.Response]:
    """Ask every way in; check that each refuses, and that nothing has happened."""
    before = await world.state()
    answers = []
    for way in world.ways:
        answer = await world.ask(way, fields(way))
        assert answer.status_code in statuses, (name, way, answer.text)
        assert ("www-authenticate" in answer.headers) is (answer.status_code == 401)
        answers.append(answer)
    assert len(answers) > 20
    assert await world.state() == before, name
    return answers
