"""Accounts are told of their limits: each threshold once, by mail and by webhook."""

import asyncio
import json
from collections.abc import AsyncIterator

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from plg.container import Container, running
from plg.domain.limits.rates import DAY_SECONDS
from plg.domain.notices.deliveries import LEASE_SECONDS, PAUSES
from tests.integration.http.conftest import OpenGateway
from tests.integration.http.gateway import Gateway, open_gateway
from tests.integration.http.keyholders import Holder, holder_in
from tests.integration.http.people import People
from tests.integration.http.webhook_world import (
    LOCAL,
    is_signed,
    limited,
    notices,
    send,
    told_at,
    use,
)
from tests.integration.webhooks.receivers import SILENCE, Receiver, listening


@pytest.fixture
async def gateway(open_: OpenGateway) -> Gateway:
    return await open_(**LOCAL)


@pytest.fixture
async def ana(gateway: Gateway) -> Holder:
    return await holder_in(gateway, "ana")


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with listening(Receiver()) as receiver:
        yield receiver


async def test_each_threshold_is_told_once_by_mail_and_by_webhook(
    gateway: Gateway, ana: Holder, receiver: Receiver
) -> None:
    secret = await told_at(gateway, ana, receiver)
    await limited(gateway, ana, 10)
    await use(gateway, ana, 12)
    await gateway.deliver()
    found = await notices(gateway, ana)
    letters = await People(gateway).letters()

    assert sorted(each["percent"] for each in found) == [50, 80, 100]
    assert {each["period"] for each in found} == {"2023-11-14"}
    assert {each[way]["state"] for each in found for way in ("mail", "webhook")} == {"delivered"}
    events = {each.headers["webhook-id"]: json.loads(each.body) for each in receiver.received}
    assert len(receiver.received) == len(events) == 3
    assert all(is_signed(each, secret) for each in receiver.received)
    for each in found:
        assert events[each["id"]] == {
            "type": "usage.threshold_reached",
            "timestamp": "2023-11-14T22:13:20.000Z",
            "data": {
                "account_id": ana.caller.account_id,
                "kind": "requests_per_day",
                "period": "2023-11-14",
                "percent": each["percent"],
                "used": each["percent"] // 10,
                "limit": 10,
            },
        }
    assert sorted(str(letter["Subject"]) for letter in letters) == [
        "100 % of your requests of the day used",
        "50 % of your requests of the day used",
        "80 % of your requests of the day used",
    ]
    await use(gateway, ana, 5)
    await gateway.deliver()
    assert len(receiver.received) == 3


async def test_a_new_day_is_told_anew(gateway: Gateway, ana: Holder) -> None:
    await limited(gateway, ana, 2)
    await use(gateway, ana, 1)
    gateway.clock.advance(DAY_SECONDS)
    await use(gateway, ana, 1)

    assert [each["period"] for each in await notices(gateway, ana)] == ["2023-11-15", "2023-11-14"]


async def test_what_fails_is_shown_and_tried_again_under_the_same_id(
    gateway: Gateway, ana: Holder, receiver: Receiver
) -> None:
    await told_at(gateway, ana, receiver)
    receiver.answer = b"HTTP/1.1 503 Later\r\n\r\n"
    await limited(gateway, ana, 2)
    await use(gateway, ana, 1)
    await gateway.deliver()
    (notice,) = await notices(gateway, ana)
    shown = (await send(gateway, ana, "GET", "webhook")).json()
    receiver.answer = b"HTTP/1.1 200 OK\r\n\r\n"
    gateway.clock.advance(PAUSES[0])
    await gateway.deliver()
    (done,) = await notices(gateway, ana)

    assert (notice["webhook"]["state"], notice["webhook"]["status"]) == ("waiting", 503)
    assert notice["webhook"]["next_try_at"] == "2023-11-14T22:13:30Z"
    assert shown["failure"] == {"at": "2023-11-14T22:13:20Z", "reason": "status", "status": 503}
    assert (done["webhook"]["state"], done["webhook"]["tries"]) == ("delivered", 2)
    assert {each.headers["webhook-id"] for each in receiver.received} == {notice["id"]}
    assert receiver.received[0].body == receiver.received[1].body
    assert (await send(gateway, ana, "GET", "webhook")).json()["failure"] is None


async def test_what_a_process_ended_with_is_delivered_by_the_next_under_the_same_id(
    gateway: Gateway, ana: Holder, receiver: Receiver
) -> None:
    """The receiver hangs, the process ends in the middle of the call, another one goes on."""
    await told_at(gateway, ana, receiver)
    receiver.answer = SILENCE
    await limited(gateway, ana, 2)
    async with open_gateway(gateway.settings.storage.data_dir, **LOCAL) as doomed:
        await use(doomed, ana, 1)
        calling = asyncio.create_task(doomed.deliver())
        await receiver.heard.wait()
        calling.cancel()
        await asyncio.gather(calling, return_exceptions=True)
    receiver.answer = b"HTTP/1.1 200 OK\r\n\r\n"
    await gateway.deliver()
    assert len(receiver.received) == 1
    gateway.clock.advance(LEASE_SECONDS)
    await gateway.deliver()
    (notice,) = await notices(gateway, ana)

    assert notice["webhook"]["state"] == "delivered"
    assert [each.headers["webhook-id"] for each in receiver.received] == [notice["id"]] * 2


async def test_two_gateways_on_one_database_tell_once(
    gateway: Gateway, ana: Holder, receiver: Receiver
) -> None:
    await told_at(gateway, ana, receiver)
    await limited(gateway, ana, 2)
    async with open_gateway(gateway.settings.storage.data_dir, **LOCAL) as other:
        await use(other, ana, 2)
        await asyncio.gather(*(each.deliver() for each in (gateway, other, gateway, other)))

    ids = [each.headers["webhook-id"] for each in receiver.received]
    assert len(ids) == len(set(ids)) == 3
    assert len(await People(gateway).letters()) == 3


async def test_they_are_told_while_the_gateway_runs(
    gateway: Gateway, ana: Holder, receiver: Receiver
) -> None:
    """By what works in the background, which tests hold still otherwise."""
    await told_at(gateway, ana, receiver)
    await limited(gateway, ana, 2)
    await use(gateway, ana, 1)
    container = Container(settings=gateway.settings)
    container.clock.override(gateway.clock)
    async with running(container):
        await asyncio.wait_for(receiver.heard.wait(), 20)

    assert len(receiver.received) == 1


async def test_notices_are_a_list_of_ones_own_and_for_admins_of_all(
    gateway: Gateway, ana: Holder
) -> None:
    ben = await holder_in(gateway, "ben")
    admin = await limited(gateway, ana, 2)
    await use(gateway, ana, 2)
    first = (await send(gateway, ana, "GET", "notices?limit=2")).json()
    rest = (await send(gateway, ana, "GET", f"notices?cursor={first['next_cursor']}")).json()
    foreign = await send(gateway, ana, "GET", "notices?account=all")

    assert [len(first["items"]), len(rest["items"]), rest["next_cursor"]] == [2, 1, None]
    assert await notices(gateway, ben) == []
    assert len(await notices(gateway, admin, "?account=all")) == 3
    assert len(await notices(gateway, admin, f"?account={ana.caller.account_id}")) == 3
    assert (foreign.status_code, foreign.json()["scope"]) == (403, "admin")


async def test_what_is_sent_is_what_the_openapi_document_says(
    gateway: Gateway, ana: Holder, receiver: Receiver
) -> None:
    await told_at(gateway, ana, receiver)
    await send(gateway, ana, "PUT", "spend-cap", amount="0.10", action="notify")
    await limited(gateway, ana, 1)
    await use(gateway, ana, 1)
    await gateway.deliver()
    await send(gateway, ana, "POST", "webhook/test")
    document = (await gateway.get("/openapi.json")).json()

    assert {json.loads(each.body)["type"] for each in receiver.received} == set(
        document["webhooks"]
    )
    for request in receiver.received:
        event = json.loads(request.body)
        described = document["webhooks"][event["type"]]["post"]
        schema = described["requestBody"]["content"]["application/json"]["schema"]
        Draft202012Validator({**document, **schema}).validate(event)
        assert {each["name"] for each in described["parameters"]} <= set(request.headers)
