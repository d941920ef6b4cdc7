"""Accounts limit themselves what they spend."""

import math
from datetime import UTC, datetime

import pytest

from plg.domain.identity.accounts import Role
from plg.domain.limits.rates import DAY_SECONDS
from tests.fakes.clock import NOON
from tests.integration.http.conftest import OpenGateway
from tests.integration.http.gateway import Gateway
from tests.integration.http.keyholders import Holder, ask, holder_in
from tests.integration.http.webhook_world import LOCAL, notices, send, use


@pytest.fixture
async def gateway(open_: OpenGateway) -> Gateway:
    return await open_(**LOCAL)


@pytest.fixture
async def ana(gateway: Gateway) -> Holder:
    return await holder_in(gateway, "ana")


async def test_an_accounts_own_cap_refuses_and_is_told(gateway: Gateway, ana: Holder) -> None:
    put = await send(gateway, ana, "PUT", "spend-cap", amount="0.25", action="block")
    await use(gateway, ana, 2)
    refused = await ask(gateway, ana.key)
    usage = (await send(gateway, ana, "GET", "usage")).json()
    dropped = await send(gateway, ana, "DELETE", "spend-cap")
    allowed = await ask(gateway, ana.key)
    found = await notices(gateway, ana)

    assert put.json() == {"amount": "0.25", "currency": "EUR", "action": "block"}
    assert usage["limits"]["own_spend_cap"] == put.json()
    assert usage["limits"]["spend_cap"] is None
    assert (refused.status_code, dropped.status_code, allowed.status_code) == (429, 204, 200)
    assert sorted((each["percent"], each["used"], each["limit"]) for each in found) == [
        (50, "0.20", "0.25"),
        (80, "0.20", "0.25"),
        (100, "0.20", "0.25"),
    ]
    assert {(each["kind"], each["period"], each["currency"]) for each in found} == {
        ("spend_cap", "2023-11", "EUR")
    }


async def test_an_accounts_own_cap_does_not_lift_the_operators(
    gateway: Gateway, ana: Holder
) -> None:
    admin = await holder_in(gateway, "admin", Role.ADMIN)
    path = f"/api/v1/users/{ana.caller.account_id}/spend-cap"
    async with gateway.client(headers=admin.headers) as client:
        await client.put(path, json={"amount": "0.10", "action": "block"})
    await send(gateway, ana, "PUT", "spend-cap", amount="100", action="notify")
    first, second = [await ask(gateway, ana.key) for _ in range(2)]
    await send(gateway, ana, "DELETE", "spend-cap")
    third = await ask(gateway, ana.key)

    assert [each.status_code for each in (first, second, third)] == [200, 429, 429]


async def test_a_statement_makes_no_room_under_a_cap_and_a_new_month_does(
    gateway: Gateway, ana: Holder
) -> None:
    await send(gateway, ana, "PUT", "spend-cap", amount="0.20", action="block")
    await use(gateway, ana, 2)
    paid = await send(gateway, ana, "POST", "pay")
    refused = await ask(gateway, ana.key)
    gateway.clock.advance(17 * DAY_SECONDS)
    allowed = await ask(gateway, ana.key)

    assert (paid.status_code, refused.status_code, allowed.status_code) == (200, 429, 200)
    until_december = datetime(2023, 12, 1, tzinfo=UTC).timestamp() - NOON
    assert refused.headers["retry-after"] == str(math.ceil(until_december))
