"""Accounts say where they are told, and try it."""

import json
from collections.abc import AsyncIterator

import pytest

from plg.domain.identity.accounts import Role
from plg.domain.limits.rates import DAY_SECONDS
from tests.integration.http.conftest import OpenGateway
from tests.integration.http.gateway import Gateway
from tests.integration.http.keyholders import Holder, holder_in
from tests.integration.http.webhook_world import LOCAL, is_signed, send, told_at
from tests.integration.webhooks.receivers import Receiver, listening


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


async def test_the_webhook_of_an_account_is_set_shown_and_removed(
    gateway: Gateway, ana: Holder
) -> None:
    url = "https://example.org/hook"
    assert (await send(gateway, ana, "GET", "webhook")).status_code == 404
    made = await send(gateway, ana, "PUT", "webhook", url=url)
    again = await send(gateway, ana, "PUT", "webhook", url=url)
    shown = await send(gateway, ana, "GET", "webhook")
    removed = await send(gateway, ana, "DELETE", "webhook")

    assert made.headers["cache-control"] == "no-store"
    assert made.json()["secret"].startswith("whsec_")
    assert again.json() == {**made.json(), "secret": None}
    assert shown.json() == {
        "url": url,
        "created_at": "2023-11-14T22:13:20Z",
        "previous_secret_until": None,
        "failure": None,
    }
    assert removed.status_code == 204
    assert (await send(gateway, ana, "GET", "webhook")).status_code == 404
    assert (await send(gateway, ana, "POST", "webhook/test")).status_code == 404


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("ftp://example.org", "must be an address"),
        ("https://me:secret@example.org/", "no user"),
        ("https://example.org/" + "x" * 2030, "2048 characters"),
    ],
)
async def test_a_bad_address_is_a_problem(
    gateway: Gateway, ana: Holder, url: str, why: str
) -> None:
    answer = await send(gateway, ana, "PUT", "webhook", url=url)

    assert answer.status_code == 400
    assert (answer.json()["code"], answer.json()["parameter"]) == ("invalid_parameter", "url")
    assert why in answer.json()["detail"]
    assert "secret" not in answer.text


async def test_without_allowed_networks_private_addresses_are_not_called(
    open_: OpenGateway, receiver: Receiver
) -> None:
    gateway = await open_()
    ana = await holder_in(gateway, "ana")
    plain = await send(gateway, ana, "PUT", "webhook", url=f"http://127.0.0.1:{receiver.port}/")
    url = f"https://localhost:{receiver.port}/"
    assert (await send(gateway, ana, "PUT", "webhook", url=url)).status_code == 200
    tried = await send(gateway, ana, "POST", "webhook/test")

    assert plain.status_code == 400
    assert tried.json() == {"delivered": False, "status": None, "reason": "address_refused"}
    assert receiver.connections == 0


async def test_a_try_tells_the_status_and_nothing_of_the_body(
    gateway: Gateway, ana: Holder, receiver: Receiver
) -> None:
    secret = await told_at(gateway, ana, receiver)
    good = await send(gateway, ana, "POST", "webhook/test")
    receiver.answer = b"HTTP/1.1 500 Oh\r\nContent-Length: 14\r\n\r\ninternal hints"
    bad = await send(gateway, ana, "POST", "webhook/test")

    assert good.json() == {"delivered": True, "status": 204, "reason": None}
    assert bad.json() == {"delivered": False, "status": 500, "reason": "status"}
    assert json.loads(receiver.received[0].body)["type"] == "webhook.test"
    assert is_signed(receiver.received[0], secret)


async def test_tries_count_against_a_limit(open_: OpenGateway, receiver: Receiver) -> None:
    gateway = await open_(**{**LOCAL, "RATE_LIMIT_DATA_MODIFICATION": "3/minute"})
    ana = await holder_in(gateway, "ana")
    await told_at(gateway, ana, receiver)
    statuses = [(await send(gateway, ana, "POST", "webhook/test")).status_code for _ in range(3)]

    assert statuses == [200, 200, 429]
    assert receiver.connections == 2


async def test_a_new_secret_signs_beside_the_old_one(
    gateway: Gateway, ana: Holder, receiver: Receiver
) -> None:
    old = await told_at(gateway, ana, receiver)
    rotated = await send(gateway, ana, "POST", "webhook/rotate")
    await send(gateway, ana, "POST", "webhook/test")
    gateway.clock.advance(DAY_SECONDS)
    await send(gateway, ana, "POST", "webhook/test")

    new = rotated.json()["secret"]
    assert rotated.headers["cache-control"] == "no-store"
    assert rotated.json()["previous_secret_until"] == "2023-11-15T22:13:20Z"
    first, second = receiver.received
    assert (is_signed(first, old), is_signed(first, new)) == (True, True)
    assert (is_signed(second, old), is_signed(second, new)) == (False, True)


async def test_changes_of_a_webhook_are_in_the_audit_log(
    gateway: Gateway, ana: Holder, receiver: Receiver
) -> None:
    await told_at(gateway, ana, receiver)
    await send(gateway, ana, "POST", "webhook/rotate")
    await send(gateway, ana, "DELETE", "webhook")
    admin = await holder_in(gateway, "admin", Role.ADMIN)
    async with gateway.client(headers=admin.headers) as client:
        target = f"account:{ana.caller.account_id}"
        found = (await client.get("/api/v1/audit", params={"target": target})).json()["items"]

    details = {each["action"]: each["details"] for each in found}
    assert details["webhook.set"] == {"host": "127.0.0.1"}
    assert details["webhook.rotated"] == details["webhook.removed"] == {}
