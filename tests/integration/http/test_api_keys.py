"""API keys over HTTP: what their owner does with them."""

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import httpx
import pytest

from plg.domain.identity.api_key_format import PATTERN
from tests.fakes.clock import NOON
from tests.integration.http.conftest import OpenGateway
from tests.integration.http.gateway import WITH_KEY, Gateway
from tests.integration.http.keyholders import Holder, ask, holder_in

PATH = "/api/v1/api-keys"
MEMBERS = {
    "id", "name", "prefix", "scopes", "allowed_networks", "limits", "is_enabled", "created_at",
    "expires_at", "last_used_at", "last_used_address", "revoked_at", "revoked_reason", "updated_at",
}  # fmt: skip
OFTEN = {
    "RATE_LIMIT_BURST": "1000/minute",
    "RATE_LIMIT_DATA_MODIFICATION": "1000/minute",
    "RATE_LIMIT_CONTENT_LISTING": "1000/minute",
}


def moment(instant: float) -> str:
    return datetime.fromtimestamp(instant, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@pytest.fixture
async def ana(gateway: Gateway) -> Holder:
    return await holder_in(gateway, "ana")


@pytest.fixture
async def client(gateway: Gateway, ana: Holder) -> AsyncIterator[httpx.AsyncClient]:
    async with gateway.client(headers=ana.headers) as client:
        yield client


async def made(client: httpx.AsyncClient, **members: object) -> dict[str, object]:
    answer = await client.post(PATH, json={"name": "ci", **members})
    assert answer.status_code == 201, answer.text
    body: dict[str, object] = answer.json()
    return body


async def test_a_key_is_made_and_shown_once(client: httpx.AsyncClient) -> None:
    answer = await client.post(PATH, json={"name": "ci"})
    body = answer.json()

    assert answer.status_code == 201
    assert body.keys() == MEMBERS | {"key"}
    assert re.fullmatch(PATTERN, body["key"])
    assert body["key"].startswith(body["prefix"])
    assert answer.headers["location"] == f"{PATH}/{body['id']}"
    assert answer.headers["cache-control"] == "no-store"
    shown = (await client.get(answer.headers["location"])).json()
    assert shown == {name: value for name, value in body.items() if name != "key"}


async def test_what_is_not_said_of_a_key(client: httpx.AsyncClient) -> None:
    body = await made(client)

    assert body["scopes"] == ["players:read", "vehicles:read"]
    assert body["expires_at"] == moment(NOON + 365 * 86400)
    assert (body["allowed_networks"], body["is_enabled"]) == ([], True)
    assert body["limits"] == {"burst": None, "sustained": None}
    assert (body["created_at"], body["last_used_at"]) == (moment(NOON), None)


async def test_everything_may_be_said_of_a_key(client: httpx.AsyncClient) -> None:
    said = {
        "name": "Straße",
        "scopes": ["billing:read"],
        "expires_at": "2024-01-31T12:00:00Z",
        "allowed_networks": ["10.0.0.0/8", "2001:db8::/32"],
        "limits": {"burst": "5/minute", "sustained": None},
    }
    body = await made(client, **said)

    assert {name: body[name] for name in said} == said


async def test_a_made_key_works(gateway: Gateway, client: httpx.AsyncClient) -> None:
    body = await made(client)

    assert (await ask(gateway, str(body["key"]))).status_code == 200


@pytest.mark.parametrize(
    ("members", "parameter"),
    [
        ({"name": ""}, "name"),
        ({"name": "a\nb"}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"scopes": []}, "scopes"),
        ({"scopes": ["everything"]}, "scopes[0]"),
        ({"expires_at": "2001-01-01T00:00:00Z"}, "expires_at"),
        ({"expires_at": "2099-01-01T00:00:00Z"}, "expires_at"),
        ({"expires_at": "2024-01-01T00:00:00"}, "expires_at"),
        ({"expires_at": 1}, "expires_at"),
        ({"allowed_networks": ["10.0.0.1/8"]}, "allowed_networks"),
        ({"allowed_networks": ["10.0.0.1"] * 51}, "allowed_networks"),
        ({"limits": {"burst": "often"}}, "limits.burst"),
        ({"limits": {"burst": "0/minute"}}, "limits.burst"),
        ({"limits": {"burst": "61/minute"}}, "limits.burst"),
        ({"limits": {"daily": "1/day"}}, "limits.daily"),
        ({"account_id": "01ACCOUNT"}, "account_id"),
        ({"owner": "ben"}, "owner"),
    ],
)
async def test_what_cannot_be_is_refused_by_its_name(
    client: httpx.AsyncClient, members: dict[str, object], parameter: str
) -> None:
    answer = await client.post(PATH, json={"name": "ci", **members})

    assert answer.status_code == 400
    assert (answer.json()["code"], answer.json()["parameter"]) == ("invalid_parameter", parameter)


async def test_a_scope_that_the_maker_lacks_is_forbidden(client: httpx.AsyncClient) -> None:
    answer = await client.post(PATH, json={"name": "ci", "scopes": ["admin"]})

    assert (answer.status_code, answer.json()["code"]) == (403, "insufficient_scope")
    assert 'scope="admin"' in answer.headers["www-authenticate"]


async def test_a_key_with_keys_read_looks_and_changes_nothing(
    gateway: Gateway, client: httpx.AsyncClient
) -> None:
    body = await made(client, scopes=["keys:read", "account:read"])
    async with gateway.client(headers={"X-API-Key": str(body["key"])}) as other:
        looks = [
            (await other.get(path)).status_code
            for path in (PATH, f"{PATH}?q=ci", f"{PATH}/{body['id']}", "/api/v1/me")
        ]
        refused = [
            await other.post(PATH, json={"name": "more", "scopes": ["keys:read"]}),
            await other.patch(f"{PATH}/{body['id']}", json={"name": "more"}),
            await other.patch("/api/v1/me", json={"name": "Eve"}),
        ]

    assert looks == [200] * 4
    assert [answer.json()["scope"] for answer in refused] == [
        "keys:write",
        "keys:write",
        "account:write",
    ]


async def test_a_key_of_before_looks_with_its_write_scopes_and_gives_reads(
    gateway: Gateway, client: httpx.AsyncClient
) -> None:
    body = await made(client, scopes=["keys:write", "account:write", "billing:write"])
    async with gateway.client(headers={"X-API-Key": str(body["key"])}) as other:
        looks = [
            (await other.get(path)).status_code
            for path in (PATH, "/api/v1/me", "/api/v1/billing/usage")
        ]
        given = await made(other, scopes=["keys:read", "account:read", "billing:read"])

    assert looks == [200] * 3
    assert given["scopes"] == ["account:read", "billing:read", "keys:read"]


async def test_a_key_without_keys_write_manages_no_keys(
    gateway: Gateway, client: httpx.AsyncClient
) -> None:
    body = await made(client)
    answer = await ask(gateway, str(body["key"]), PATH)

    assert (answer.status_code, answer.json()["scope"]) == (403, "keys:read")


async def test_a_key_makes_none_that_outlives_it(
    gateway: Gateway, client: httpx.AsyncClient
) -> None:
    maker = await made(client, scopes=["keys:write"], expires_at=moment(NOON + 60))
    async with gateway.client(headers={"X-API-Key": str(maker["key"])}) as other:
        refused = await other.post(
            PATH, json={"name": "x", "scopes": ["keys:write"], "expires_at": None}
        )
        body = await made(other, scopes=["keys:write"])

    assert (refused.status_code, refused.json()["parameter"]) == (400, "expires_at")
    assert body["expires_at"] == maker["expires_at"]


async def test_the_service_key_has_no_keys(gateway: Gateway) -> None:
    async with gateway.client(headers=WITH_KEY) as client:
        assert (await client.get(PATH)).status_code == 403
        assert (await client.post(PATH, json={"name": "x"})).status_code == 403


@pytest.mark.parametrize(
    ("method", "suffix"),
    [("GET", ""), ("PUT", ""), ("PATCH", ""), ("DELETE", ""), ("POST", "/regenerate")],
)
async def test_anothers_key_is_not_found(
    gateway: Gateway, client: httpx.AsyncClient, method: str, suffix: str
) -> None:
    body = await made(client)
    ben = await holder_in(gateway, "ben")
    bodies = {"PUT": {"name": "mine"}, "PATCH": {"name": "mine"}, "POST": {}}
    async with gateway.client(headers=ben.headers) as other:
        answer = await other.request(
            method, f"{PATH}/{body['id']}{suffix}", json=bodies.get(method)
        )

    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert (await client.get(f"{PATH}/{body['id']}")).json()["name"] == "ci"


async def test_keys_are_listed_in_pages(open_: OpenGateway) -> None:
    gateway = await open_(**OFTEN)
    ana = await holder_in(gateway, "ana")
    async with gateway.client(headers=ana.headers) as client:
        names = ["all"]
        for number in range(4):
            gateway.clock.advance(1)
            names.append(str((await made(client, name=f"key {number}"))["name"]))
        first = await client.get(PATH, params={"limit": "3"})
        second = await client.get(first.links["next"]["url"])

    pages = [[item["name"] for item in page.json()["items"]] for page in (first, second)]
    assert pages == [names[:3], names[3:]]
    assert second.json()["next_cursor"] is None
    assert all(item.keys() == MEMBERS for item in first.json()["items"])


async def test_keys_are_found_by_name(client: httpx.AsyncClient) -> None:
    body = await made(client, name="Build server")
    await made(client, name="laptop")
    by_name = (await client.get(PATH, params={"q": "build"})).json()["items"]
    by_wildcard = (await client.get(PATH, params={"q": "%"})).json()["items"]
    by_prefix = (await client.get(PATH, params={"q": str(body["prefix"])})).json()["items"]

    assert by_wildcard == []
    assert [item["id"] for item in by_name] == [item["id"] for item in by_prefix] == [body["id"]]


@pytest.mark.parametrize(
    ("query", "tier"), [("", "content_listing"), ("?q=x", "search")], ids=["list", "search"]
)
async def test_a_list_and_a_search_have_limits_of_their_own(
    client: httpx.AsyncClient, query: str, tier: str
) -> None:
    policy = (await client.get(PATH + query)).headers["ratelimit-policy"]

    assert f'"{tier}"' in policy
    assert {"search", "content_listing"} - {tier} == {
        name for name in ("search", "content_listing") if name not in policy
    }


async def test_a_change_leaves_what_is_not_said(client: httpx.AsyncClient) -> None:
    body = await made(client, allowed_networks=["127.0.0.0/8"], limits={"burst": "5/minute"})
    changed = await client.patch(f"{PATH}/{body['id']}", json={"name": "other"})

    del body["key"]
    assert changed.json() == {**body, "name": "other"}


async def test_null_is_not_the_same_as_nothing(client: httpx.AsyncClient) -> None:
    body = await made(
        client,
        allowed_networks=["127.0.0.0/8"],
        limits={"burst": "5/minute", "sustained": "9/hour"},
    )
    path = f"{PATH}/{body['id']}"
    one = (await client.patch(path, json={"expires_at": None, "limits": {"burst": None}})).json()
    two = (await client.patch(path, json={"allowed_networks": None, "limits": None})).json()

    assert (one["expires_at"], one["limits"]) == (None, {"burst": None, "sustained": "9/hour"})
    assert one["allowed_networks"] == ["127.0.0.0/8"]
    assert (two["allowed_networks"], two["limits"]) == ([], {"burst": None, "sustained": None})


async def test_put_says_all_anew(client: httpx.AsyncClient) -> None:
    body = await made(client, scopes=["billing:read"], limits={"burst": "5/minute"})
    changed = (await client.put(f"{PATH}/{body['id']}", json={"name": "new"})).json()

    assert (changed["id"], changed["name"]) == (body["id"], "new")
    assert changed["scopes"] == ["players:read", "vehicles:read"]
    assert changed["limits"] == {"burst": None, "sustained": None}


async def test_a_disabled_key_is_refused_until_it_is_enabled(
    gateway: Gateway, client: httpx.AsyncClient
) -> None:
    body = await made(client)
    path, key = f"{PATH}/{body['id']}", str(body["key"])
    assert (await ask(gateway, key)).status_code == 200
    await client.patch(path, json={"is_enabled": False})
    assert (await ask(gateway, key)).status_code == 401
    await client.patch(path, json={"is_enabled": True})
    assert (await ask(gateway, key)).status_code == 200


async def test_a_revoked_key_stays_to_be_seen_and_cannot_change(client: httpx.AsyncClient) -> None:
    body = await made(client)
    path = f"{PATH}/{body['id']}"
    revoked = await client.delete(path, params={"reason": "left the team"})
    shown = (await client.get(path)).json()

    assert (revoked.status_code, revoked.content) == (204, b"")
    assert (shown["revoked_at"], shown["revoked_reason"]) == (moment(NOON), "left the team")
    assert (await client.delete(path)).status_code == 204
    for answer in (
        await client.patch(path, json={"is_enabled": True}),
        await client.put(path, json={"name": "again"}),
        await client.post(f"{path}/regenerate"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (409, "key_revoked")


async def test_the_hundred_and_first_key_is_refused(open_: OpenGateway) -> None:
    gateway = await open_(**OFTEN)
    ana = await holder_in(gateway, "ana")
    async with gateway.client(headers=ana.headers) as client:
        for _ in range(99):
            await made(client)
        answer = await client.post(PATH, json={"name": "one more"})

    assert (answer.status_code, answer.json()["code"]) == (409, "too_many_held")
