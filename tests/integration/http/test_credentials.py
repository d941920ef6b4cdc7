"""Who may pass the gate."""

from collections.abc import Sequence

import httpx
import pytest

from plg.domain.identity.access import Caller, Scope
from plg.domain.identity.api_key_format import new_secret
from tests.fakes.entries import ANA
from tests.fakes.identify import IdentifyAs
from tests.integration.http.conftest import OpenGateway, Serve, on_shared_loop
from tests.integration.http.gateway import ANA_PATH, KEY, Gateway
from tests.integration.http.wire import request

Fields = Sequence[tuple[str, str]]
OPEN = ["/health", "/health/live", "/health/ready", "/api/v1/health", "/openapi.json", "/api/docs",
        "/problems/no_match", "/metrics"]  # fmt: skip


async def ask(gateway: Gateway, *fields: tuple[str, str], path: str = ANA_PATH) -> httpx.Response:
    async with gateway.client(headers={}) as client:
        return await client.get(path, headers=list(fields))


@pytest.mark.parametrize(
    "fields",
    [
        [("X-API-Key", KEY)],
        [("x-api-key", KEY)],
        [("X-API-Key", f"{KEY} \t")],
        [("Authorization", f"Bearer {KEY}")],
        [("Authorization", f"bearer  {KEY} ")],
        [("X-API-Key", KEY), ("Authorization", f"Bearer {KEY}")],
    ],
)
@on_shared_loop
async def test_the_service_key_passes(shared: Gateway, fields: Fields) -> None:
    assert (await ask(shared, *fields)).status_code == 200


@pytest.mark.parametrize(
    ("header", "value", "detail"),
    [
        ("X-API-Key", "wrong", "no key or access token of this gateway. A key begins with"),
        ("X-API-Key", f"{KEY}x", "no key or access token of this gateway. A key begins with"),
        ("X-API-Key", "plg_live_abc", "not complete, or has a typing error"),
        ("X-API-Key", new_secret().reveal(), "no such key"),
        ("Authorization", "Bearer a.b.c", "access token is malformed"),
    ],
)
async def test_what_is_wrong_with_a_credential_is_told(
    gateway: Gateway, header: str, value: str, detail: str
) -> None:
    answer = await ask(gateway, (header, value))

    assert (answer.status_code, answer.json()["code"]) == (401, "invalid_credential")
    assert detail in answer.json()["detail"]
    assert value not in answer.text


@pytest.mark.parametrize("fields", [[], [("Cookie", KEY)], [("X-Key", KEY)], [("X_API_Key", KEY)]])
@pytest.mark.parametrize("path", [ANA_PATH, "/api/?killer_bi_id=KB-000001", "/api/"])
@on_shared_loop
async def test_without_a_credential_the_answer_is_a_plain_challenge(
    shared: Gateway, fields: Fields, path: str
) -> None:
    answer = await ask(shared, *fields, path=path)

    assert answer.status_code == 401
    assert answer.json()["code"] == "missing_credential"
    assert answer.headers["www-authenticate"] == 'Bearer realm="plg"'


async def test_a_key_in_the_query_is_no_credential(gateway: Gateway) -> None:
    answer = await ask(gateway, path=f"{ANA_PATH}?api_key={KEY}&X-API-Key={KEY}&access_token={KEY}")

    assert answer.status_code == 401


@pytest.mark.parametrize(
    "fields",
    [
        [("X-API-Key", "wrong")],
        [("X-API-Key", KEY[:-1])],
        [("X-API-Key", KEY + "x")],
        [("X-API-Key", KEY.upper())],
        [("X-API-Key", f'"{KEY}"')],
        [("X-API-Key", "")],
        [("X-API-Key", "k" * 8193)],
        [("X-API-Key", "k" * 30_000)],
        [("Authorization", "")],
        [("Authorization", "Bearer")],
        [("Authorization", "Bearer ")],
        [("Authorization", KEY)],
        [("Authorization", f"Basic {KEY}")],
        [("Authorization", f"Bearer{KEY}")],
        [("Authorization", f"Bearer {KEY} x")],
        [("Authorization", f"Bearer {'k' * 9000}")],
    ],
)
async def test_a_bad_credential_is_a_challenge_that_says_so(
    gateway: Gateway, fields: Fields
) -> None:
    answer = await ask(gateway, *fields)

    assert answer.status_code == 401
    assert answer.json()["code"] == "invalid_credential"
    assert answer.headers["www-authenticate"] == 'Bearer realm="plg", error="invalid_token"'
    assert not gateway.simulator.stats.calls


@pytest.mark.parametrize(
    "fields",
    [
        [("X-API-Key", KEY), ("Authorization", "Bearer other")],
        [("X-API-Key", "other"), ("Authorization", f"Bearer {KEY}")],
        [("X-API-Key", ""), ("Authorization", f"Bearer {KEY}")],
        [("X-API-Key", KEY), ("X-API-Key", KEY)],
        [("X-API-Key", KEY), ("x-api-key", "other")],
        [("Authorization", f"Bearer {KEY}"), ("Authorization", f"Bearer {KEY}")],
    ],
)
@on_shared_loop
async def test_credentials_that_contradict_each_other_are_a_400(
    shared: Gateway, fields: Fields
) -> None:
    answer = await ask(shared, *fields)

    assert answer.status_code == 400
    assert answer.json()["code"] == "invalid_request"
    assert "www-authenticate" not in answer.headers


WEAK = Caller("weak", frozenset({Scope.VEHICLES_READ}))


@pytest.mark.parametrize("lane", ["on", "off"])
async def test_a_fresh_record_in_memory_is_for_nobody_without_the_scope(
    serve: Serve, lane: str
) -> None:
    listener = await serve(IdentifyAs(WEAK), FAST_LANE=lane)
    await listener.gateway.remember(ANA)
    peer = await listener.connect()

    assert (await peer.ask(request())).status == 403


async def test_a_caller_without_the_scope_is_told_which_it_needs(open_: OpenGateway) -> None:
    gateway = await open_(IdentifyAs(WEAK))
    answer = await ask(gateway, ("X-API-Key", "any"))

    assert answer.status_code == 403
    assert answer.json()["code"] == "insufficient_scope"
    assert answer.json()["scope"] == "players:read"
    assert answer.headers["www-authenticate"] == (
        'Bearer realm="plg", error="insufficient_scope", scope="players:read"'
    )


async def test_without_a_service_key_nothing_but_health_and_documents_answers(
    open_: OpenGateway,
) -> None:
    gateway = await open_(API_KEY="")

    for key in ("", "None", KEY):
        assert (await ask(gateway, ("X-API-Key", key))).status_code == 401
    for path in OPEN:
        assert (await ask(gateway, path=path)).status_code == 200


@pytest.mark.parametrize("path", OPEN)
@pytest.mark.parametrize("fields", [[("X-API-Key", "wrong")], [("X-API-Key", KEY)] * 2])
@on_shared_loop
async def test_open_routes_do_not_look_at_credentials(
    shared: Gateway, path: str, fields: Fields
) -> None:
    assert (await ask(shared, *fields, path=path)).status_code == 200


async def test_the_credential_is_looked_at_before_the_parameter(gateway: Gateway) -> None:
    assert (await ask(gateway, path="/api/?killer_bi_id=%FF")).status_code == 401
