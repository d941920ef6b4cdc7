"""What clients do with tokens, through the whole gateway."""

import base64
import json
from typing import Any

import httpx
import pytest

from plg.domain.audit import OPERATOR
from plg.domain.identity.accounts import USER_SCOPES
from tests.fakes.clock import NOON
from tests.integration.http.conftest import OpenGateway
from tests.integration.http.gateway import ANA_PATH, Gateway

PASSWORD = "three unrelated words and more"
ANA = {"email": "ana@example.org", "password": PASSWORD}
REFRESH = "/api/v1/auth/token/refresh"
VERIFY = "/api/v1/auth/token/verify"
LOGOUT = "/api/v1/auth/logout"
KEY_SET = "/.well-known/jwks.json"
MANY = {"RATE_LIMIT_AUTH_TOKEN": "1000/minute"}


class Ana:
    """A client with an account."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client

    async def post(self, path: str, body: object = None, token: str = "") -> httpx.Response:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        if body is None:
            return await self.client.post(path, headers=headers)
        return await self.client.post(path, json=body, headers=headers)

    async def log_in(self) -> dict[str, Any]:
        answer = await self.post("/api/v1/auth/login", ANA)
        assert answer.status_code == 200, answer.text
        tokens: dict[str, Any] = answer.json()
        return tokens

    async def refresh(self, refresh_token: str, path: str = REFRESH) -> httpx.Response:
        return await self.post(path, {"refresh_token": refresh_token})

    async def reads(self, access_token: str) -> int:
        """Return the status that a read with the token gets."""
        headers = {"Authorization": f"Bearer {access_token}"}
        return (await self.client.get(ANA_PATH, headers=headers)).status_code


@pytest.fixture
async def gateway(open_: OpenGateway) -> Gateway:
    return await open_(**MANY)


@pytest.fixture
async def ana(gateway: Gateway) -> Ana:
    client = gateway.client(headers={})
    made = Ana(client)
    assert (await made.post("/api/v1/auth/register", ANA)).status_code == 201
    return made


async def test_a_log_in_gives_tokens_that_work(ana: Ana) -> None:
    tokens = await ana.log_in()

    assert set(tokens) == {"access_token", "refresh_token", "token_type", "expires_in", "scope"}
    assert (tokens["token_type"], tokens["expires_in"]) == ("Bearer", 900)
    assert tokens["scope"] == " ".join(sorted(USER_SCOPES))
    assert await ana.reads(tokens["access_token"]) == 200


@pytest.mark.parametrize("path", [REFRESH, "/api/v1/auth/refresh-token"])
async def test_a_refresh_token_gives_a_new_pair(ana: Ana, path: str) -> None:
    first = await ana.log_in()

    answer = await ana.refresh(first["refresh_token"], path)

    second = answer.json()
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert set(second) == set(first)
    assert second["refresh_token"] != first["refresh_token"]
    assert await ana.reads(second["access_token"]) == 200


async def test_a_reuse_ends_the_session_at_once(ana: Ana, gateway: Gateway) -> None:
    first = await ana.log_in()
    second = (await ana.refresh(first["refresh_token"])).json()
    assert await ana.reads(second["access_token"]) == 200
    gateway.clock.advance(11)

    reused = await ana.refresh(first["refresh_token"])

    assert reused.status_code == 401
    assert reused.json()["code"] == "invalid_credential"
    assert (await ana.refresh(second["refresh_token"])).status_code == 401
    assert await ana.reads(first["access_token"]) == 401
    assert await ana.reads(second["access_token"]) == 401


async def test_a_refresh_token_is_no_access_token_nor_the_other_way_round(ana: Ana) -> None:
    tokens = await ana.log_in()

    assert await ana.reads(tokens["refresh_token"]) == 401
    assert (await ana.refresh(tokens["access_token"])).status_code == 401


async def test_an_access_token_ends_by_itself(ana: Ana, gateway: Gateway) -> None:
    tokens = await ana.log_in()
    assert await ana.reads(tokens["access_token"]) == 200
    gateway.clock.advance(900)

    assert await ana.reads(tokens["access_token"]) == 401


async def test_a_log_out_ends_all_tokens_of_the_session(ana: Ana) -> None:
    tokens, other = await ana.log_in(), await ana.log_in()
    assert await ana.reads(tokens["access_token"]) == 200

    answer = await ana.post(LOGOUT, token=tokens["access_token"])

    assert (answer.status_code, answer.content) == (204, b"")
    assert await ana.reads(tokens["access_token"]) == 401
    assert (await ana.refresh(tokens["refresh_token"])).status_code == 401
    assert await ana.reads(other["access_token"]) == 200


async def test_a_log_out_may_name_another_session_of_the_account(ana: Ana) -> None:
    tokens, other = await ana.log_in(), await ana.log_in()

    body = {"refresh_token": other["refresh_token"]}
    answer = await ana.post(LOGOUT, body, token=tokens["access_token"])

    assert answer.status_code == 204
    assert await ana.reads(other["access_token"]) == 401


async def test_a_log_out_with_a_token_that_is_none_names_the_member(ana: Ana) -> None:
    tokens = await ana.log_in()

    answer = await ana.post(LOGOUT, {"refresh_token": "x"}, token=tokens["access_token"])

    assert answer.status_code == 400
    assert answer.json()["parameter"] == "refresh_token"
    assert await ana.reads(tokens["access_token"]) == 200


async def test_a_log_out_needs_a_credential(ana: Ana) -> None:
    assert (await ana.post(LOGOUT)).status_code == 401


async def test_a_look_at_an_access_token_tells_its_claims(ana: Ana) -> None:
    tokens = await ana.log_in()
    payload = tokens["access_token"].split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(payload + "=="))

    answer = await ana.post(VERIFY, {"token": tokens["access_token"]})

    assert answer.headers["cache-control"] == "no-store"
    assert answer.json() == {"active": True, "token_type": "access_token", **claims}
    assert claims["iss"] == "http://localhost:9600"


async def test_a_look_at_a_refresh_token_tells_that_it_is_one(ana: Ana) -> None:
    tokens = await ana.log_in()

    facts = (await ana.post(VERIFY, {"token": tokens["refresh_token"]})).json()

    assert (facts["active"], facts["token_type"]) == (True, "refresh_token")
    assert facts["exp"] == NOON + 7 * 86400
    assert "aud" not in facts


@pytest.mark.parametrize("token", ["", "x", "eyJ.eyJ.x", "plg_rt_x", "é" * 9000])
async def test_of_a_token_that_is_good_for_nothing_only_that_is_told(ana: Ana, token: str) -> None:
    answer = await ana.post(VERIFY, {"token": token})

    assert (answer.status_code, answer.json()) == (200, {"active": False})


@pytest.mark.parametrize("path", [REFRESH, "/api/v1/auth/refresh-token", VERIFY])
@pytest.mark.parametrize("body", [{}, [], {"refresh_token": 1}, {"token": None}, {"x": "y"}])
async def test_a_body_that_cannot_be_used_is_a_bad_request(
    ana: Ana, path: str, body: object
) -> None:
    assert (await ana.post(path, body)).status_code == 400


async def test_the_keys_are_published(ana: Ana, gateway: Gateway) -> None:
    answer = await ana.client.get(KEY_SET)

    keys = answer.json()["keys"]
    assert answer.headers["cache-control"] == "public, max-age=300"
    assert answer.headers["content-type"] == "application/json"
    assert [set(key) for key in keys] == [{"kty", "use", "alg", "kid", "n", "e"}] * 2
    header = (await ana.log_in())["access_token"].split(".")[0]
    assert json.loads(base64.urlsafe_b64decode(header + "=="))["kid"] in [
        key["kid"] for key in keys
    ]
    assert len(gateway.container.access.access_tokens().key_set()) == len(answer.content)


async def test_tokens_outlive_a_rotation_of_keys(ana: Ana, gateway: Gateway) -> None:
    tokens = await ana.log_in()
    await gateway.container.access.rotate_signing_keys()(OPERATOR)

    assert await ana.reads(tokens["access_token"]) == 200
    assert await ana.reads((await ana.log_in())["access_token"]) == 200
    assert len((await ana.client.get(KEY_SET)).json()["keys"]) == 3


async def test_refreshes_are_limited_by_address(open_: OpenGateway) -> None:
    gateway = await open_(RATE_LIMIT_AUTH_TOKEN="2/minute")
    ana = Ana(gateway.client(headers={}))

    statuses = [(await ana.refresh("x")).status_code for _ in range(3)]

    assert statuses == [401, 401, 429]
