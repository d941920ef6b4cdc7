"""Usage, and what is owed for it, over HTTP."""

from typing import Any

import httpx
import pytest

from plg.domain.identity.accounts import Role
from tests.integration.http.conftest import OpenGateway
from tests.integration.http.gateway import Gateway
from tests.integration.http.keyholders import READER, Holder, ask, holder_in, key_in

BILLING = "/api/v1/billing"
NO_LIMITS = {"RATE_LIMIT_CONTENT_LISTING": "100000/minute", "RATE_LIMIT_BURST": "100000/minute"}


@pytest.fixture
async def gateway(open_: OpenGateway) -> Gateway:
    return await open_(**NO_LIMITS)


@pytest.fixture
async def admin(gateway: Gateway) -> Holder:
    return await holder_in(gateway, "admin", Role.ADMIN)


@pytest.fixture
async def ana(gateway: Gateway) -> Holder:
    return await holder_in(gateway, "ana")


async def use(gateway: Gateway, holder: Holder, times: int = 1, key: str = "KB-000001") -> None:
    for _ in range(times):
        answer = await ask(gateway, holder.key, f"/api/v1/players/{key}")
        assert answer.status_code == 200, answer.text


async def get(gateway: Gateway, holder: Holder, path: str, **query: str | int) -> httpx.Response:
    async with gateway.client(headers=holder.headers) as client:
        return await client.get(f"{BILLING}/{path}", params=query)


async def shown(gateway: Gateway, holder: Holder, path: str, **query: str | int) -> Any:  # noqa: ANN401 - any JSON
    answer = await get(gateway, holder, path, **query)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def pay(gateway: Gateway, holder: Holder) -> str:
    async with gateway.client(headers=holder.headers) as client:
        return str((await client.post(f"{BILLING}/pay")).json()["number"])


async def test_usage_tells_plan_limits_and_what_is_used_and_left(
    gateway: Gateway, ana: Holder
) -> None:
    await use(gateway, ana, 3)

    assert await shown(gateway, ana, "usage") == {
        "account_id": ana.caller.account_id,
        "plan": "basic",
        "plan_version": 1,
        "currency": "EUR",
        "unit": "request",
        "limits": {
            "requests_per_day": 100,
            "records_per_day": None,
            "vins_per_day": None,
            "rate": None,
            "source_calls": None,
            "spend_cap": None,
            "own_spend_cap": None,
        },
        "day": "2023-11-14",
        "resets_at": "2023-11-15T00:00:00Z",
        "used_today": 3,
        "reserved_today": 0,
        "left_today": 97,
        "records_today": 0,
        "records_left_today": None,
        "vins_today": 0,
        "vins_left_today": None,
        "resources": {
            "players": {
                "requests_per_day": None,
                "used_today": 3,
                "reserved_today": 0,
                "left_today": None,
            }
        },
        "period": {"from": "2023-11-01T00:00:00Z", "until": "2023-12-01T00:00:00Z"},
        "unbilled_units": 3,
        "unbilled_amount": "0.30",
        "unbilled": [{"currency": "EUR", "units": 3, "records": 3, "amount": "0.30"}],
    }


async def test_who_has_used_nothing_sees_that(gateway: Gateway, ana: Holder) -> None:
    usage = await shown(gateway, ana, "usage")
    info = await shown(gateway, ana, "info")

    assert (usage["used_today"], usage["left_today"], usage["unbilled"]) == (0, 100, [])
    assert (usage["unbilled_units"], usage["unbilled_amount"]) == (0, "0.00")
    assert (info["total_due"], info["unbilled"]) == ("0.00", "0.00")


async def test_limits_are_those_with_overrides(
    gateway: Gateway, admin: Holder, ana: Holder
) -> None:
    account = f"/api/v1/users/{ana.caller.account_id}"
    body = {
        "requests_per_day": None,
        "vins_per_day": 2,
        "rate": "9/second",
        "source_calls": "5/hour",
    }
    async with gateway.client(headers=admin.headers) as client:
        await client.post(f"{account}/overrides", json=body)
        cap = {"amount": "5", "action": "block"}
        await client.put(f"{account}/spend-cap", json=cap)
    usage = await shown(gateway, ana, "usage")

    assert usage["limits"] == {
        **body,
        "records_per_day": 2,
        "spend_cap": {**cap, "amount": "5.00", "currency": "EUR"},
        "own_spend_cap": None,
    }
    assert (usage["left_today"], usage["vins_left_today"]) == (None, 2)


async def test_the_billing_profile_tells_what_is_due_and_what_is_unbilled(
    gateway: Gateway, ana: Holder
) -> None:
    await use(gateway, ana, 3)
    await pay(gateway, ana)
    await use(gateway, ana)

    assert await shown(gateway, ana, "info") == {
        "account_id": ana.caller.account_id,
        "email": "ana@example.org",
        "name": "ana",
        "plan": "basic",
        "plan_version": 1,
        "currency": "EUR",
        "total_due": "0.30",
        "unbilled": "0.10",
        "balances": [{"currency": "EUR", "total_due": "0.30", "unbilled": "0.10"}],
    }


async def test_a_record_tells_all_of_an_answer(gateway: Gateway, ana: Holder) -> None:
    async with gateway.client(headers={**ana.headers, "X-Request-ID": "r-1"}) as client:
        await client.get("/api/v1/players/KB-000001")
    (record,) = (await shown(gateway, ana, "usage/records"))["items"]

    assert len(record.pop("id")) == len(record.pop("key_id")) == 26
    assert record == {
        "sequence": 1,
        "kind": "usage",
        "time": "2023-11-14T22:13:20Z",
        "request_id": "r-1",
        "resource": "players",
        "record_key": "KB-000001",
        "outcome": "miss",
        "units": 1,
        "unit_price": "0.10",
        "amount": "0.10",
        "currency": "EUR",
        "plan": "basic",
        "plan_version": 1,
        "voids": None,
        "statement": None,
    }


async def test_records_are_walked_through_by_links(gateway: Gateway, ana: Holder) -> None:
    await use(gateway, ana, 5)
    path, found = f"{BILLING}/usage/records?limit=2", []
    async with gateway.client(headers=ana.headers) as client:
        while path:
            answer = await client.get(path)
            found.append([each["sequence"] for each in answer.json()["items"]])
            path = answer.links.get("next", {}).get("url", "")

    assert found == [[5, 4], [3, 2], [1]]


async def test_records_are_filtered(gateway: Gateway, ana: Holder) -> None:
    other = await key_in(gateway, ana.caller, READER)
    await use(gateway, ana)
    number = await pay(gateway, ana)
    gateway.clock.advance(10)
    await use(gateway, ana, key="KB-000002")
    await ask(gateway, other.secret.reveal())
    queries = [
        {"record_key": "KB-000002"},
        {"statement": number},
        {"key": other.key.id},
        {"since": "2023-11-14T22:13:21Z"},
        {"until": "2023-11-14T22:13:21Z"},
        {"since": "2023-11-14T22:13:21Z", "record_key": "KB-000001"},
    ]
    found = [
        [
            each["sequence"]
            for each in (await shown(gateway, ana, "usage/records", **query))["items"]
        ]
        for query in queries
    ]

    assert found == [[2], [1], [3], [3, 2], [1], [3]]


@pytest.mark.parametrize(
    ("query", "status", "parameter"),
    [
        ({"since": "yesterday"}, 400, "since"),
        ({"until": "2023-11-14"}, 400, "until"),
        ({"limit": "0"}, 400, "limit"),
        ({"cursor": "YWJj"}, 400, "cursor"),
        ({"statement": "PLG-2023-000009"}, 404, None),
        ({"statement": "nonsense"}, 404, None),
    ],
)
async def test_what_cannot_be_asked_for_is_named(
    gateway: Gateway, ana: Holder, query: dict[str, str], status: int, parameter: str | None
) -> None:
    answer = await get(gateway, ana, "usage/records", **query)

    assert (answer.status_code, answer.json().get("parameter")) == (status, parameter)


@pytest.mark.parametrize("path", ["usage", "info", "usage/records"])
async def test_admins_see_any_account_and_nobody_else_does(
    gateway: Gateway, admin: Holder, ana: Holder, path: str
) -> None:
    ben = await holder_in(gateway, "ben")
    await use(gateway, ana)
    own = await shown(gateway, ana, path)
    seen = await shown(gateway, admin, path, account=ana.caller.account_id or "")
    refused = await get(gateway, ben, path, account=ana.caller.account_id or "")
    nobodys = await get(gateway, admin, path, account="nobody")

    assert seen == own == await shown(gateway, ana, path, account=ana.caller.account_id or "")
    assert (refused.status_code, refused.json()["scope"]) == (403, "admin")
    assert nobodys.status_code == 404


@pytest.mark.parametrize("path", ["usage", "info", "usage/records", "statements"])
async def test_reading_needs_its_scope(gateway: Gateway, ana: Holder, path: str) -> None:
    reader = await key_in(gateway, ana.caller, READER)
    async with gateway.client(headers={"X-API-Key": reader.secret.reveal()}) as client:
        answer = await client.get(f"{BILLING}/{path}")

    assert (answer.status_code, answer.json()["scope"]) == (403, "billing:read")
