"""Devices over HTTP: registering, tokens, and what their owner does with them."""

import asyncio
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from plg.domain.errors import InsufficientScope
from plg.domain.identity.access import Caller, Scope
from plg.entrypoints.http.api.devices.devices import owner_of
from tests.integration.http.conftest import OpenGateway
from tests.integration.http.devices_world import (
    NONCE,
    TILL,
    TOKEN_PATH,
    WIDE,
    claim_of,
    device_of,
    login,
    lose,
    proof_of,
    send,
)
from tests.integration.http.gateway import ANA_PATH, WITH_KEY, Gateway, open_gateway

REGISTER = "/api/v1/device/register"
DEVICES = "/api/v1/devices"


@pytest.fixture
async def gateway(open_: OpenGateway) -> Gateway:
    return await open_(**WIDE)


async def test_a_device_is_registered_and_told_its_secret_once(gateway: Gateway) -> None:
    headers = await login(gateway)
    body = {"device_id": TILL, "name": "Till", "platform": "android"}
    answer = await send(gateway, "POST", REGISTER, headers, json=body)
    shown = await send(gateway, "GET", f"{DEVICES}/{TILL}", headers)

    assert answer.status_code == 201
    assert answer.headers["cache-control"] == "no-store"
    assert answer.json() | {"device_secret": ""} == {
        **body,
        "device_secret": "",
        "scopes": ["players:read", "vehicles:read"],
        "created_at": "2023-11-14T22:13:20Z",
    }
    assert len(answer.json()["device_secret"]) == 43
    assert shown.json() == {
        **body,
        "scopes": ["players:read", "vehicles:read"],
        "created_at": "2023-11-14T22:13:20Z",
        "last_seen_at": None,
        "revoked_at": None,
    }


async def test_only_who_holds_the_scope_registers(gateway: Gateway) -> None:
    body = {"device_id": TILL}
    reading = await login(gateway, scopes=frozenset({Scope.PLAYERS_READ}))
    answers = [
        await send(gateway, "POST", REGISTER, headers, json=body)
        for headers in ({}, WITH_KEY, reading)
    ]

    assert [answer.status_code for answer in answers] == [401, 403, 403]


def test_who_acts_for_no_account_has_no_devices() -> None:
    with pytest.raises(InsufficientScope):
        owner_of(Caller("service", frozenset(Scope)))


async def test_a_taken_id_needs_a_proof_of_the_same_account(gateway: Gateway) -> None:
    made = await device_of(gateway)
    headers, other = await login(gateway), await login(gateway, "A2")
    body = {"device_id": TILL, "proof": proof_of(gateway, made)}

    refused = [
        await send(gateway, "POST", REGISTER, headers, json={"device_id": TILL}),
        await send(gateway, "POST", REGISTER, other, json=body),
    ]
    again = await send(gateway, "POST", REGISTER, headers, json=body)

    assert [(each.status_code, each.json()["code"]) for each in refused] == [
        (409, "device_taken"),
        (409, "device_taken"),
    ]
    assert again.status_code == 201
    assert again.json()["device_secret"] != made.secret


@pytest.mark.parametrize(
    ("body", "parameter"),
    [
        ({}, "device_id"),
        ({"device_id": "a b c d"}, "device_id"),
        ({"device_id": TILL, "name": ""}, "name"),
        ({"device_id": TILL, "owner": "A2"}, "owner"),
        ({"device_id": TILL, "proof": {"timestamp": 1, "nonce": "x" * 16}}, "proof.hmac_hash"),
        ({"device_id": TILL, "proof": {"timestamp": 1, "nonce": "x", "hmac_hash": ""}}, "nonce"),
    ],
)
async def test_a_wish_that_cannot_be_names_the_member(
    gateway: Gateway, body: dict[str, object], parameter: str
) -> None:
    answer = await send(gateway, "POST", REGISTER, await login(gateway), json=body)

    assert (answer.status_code, answer.json()["parameter"]) == (400, parameter)


async def test_the_owner_lists_renames_and_revokes(gateway: Gateway) -> None:
    for number in range(3):
        await device_of(gateway, f"till-000{number}")
    await device_of(gateway, "other-0001", "A2")
    headers = await login(gateway)

    first = await send(gateway, "GET", f"{DEVICES}?limit=2", headers)
    cursor = first.json()["next_cursor"]
    rest = await send(gateway, "GET", f"{DEVICES}?limit=2&cursor={cursor}", headers)
    changed = await send(
        gateway, "PATCH", f"{DEVICES}/{TILL}", headers, json={"name": "Exit", "platform": None}
    )
    revoked = await send(gateway, "DELETE", f"{DEVICES}/{TILL}", headers)
    shown = await send(gateway, "GET", f"{DEVICES}/{TILL}", headers)

    assert [item["device_id"] for item in first.json()["items"]] == ["till-0000", "till-0001"]
    assert [item["device_id"] for item in rest.json()["items"]] == ["till-0002"]
    assert rest.json()["next_cursor"] is None
    assert (changed.json()["name"], changed.json()["platform"]) == ("Exit", None)
    assert (revoked.status_code, revoked.content) == (204, b"")
    assert (shown.json()["name"], shown.json()["revoked_at"]) == ("Exit", "2023-11-14T22:13:20Z")


@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
@pytest.mark.parametrize("device_id", ["other-0001", "nowhere", "a%00bcd", "a%2Fbcd"])
async def test_devices_of_others_are_not_there(
    gateway: Gateway, method: str, device_id: str
) -> None:
    await device_of(gateway, "other-0001", "A2")
    body = {"json": {"name": "Mine"}} if method == "PATCH" else {}

    answer = await send(gateway, method, f"{DEVICES}/{device_id}", await login(gateway), **body)

    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


async def test_a_device_gets_tokens_with_which_it_reads(gateway: Gateway) -> None:
    made = await device_of(gateway)
    tokens = await send(gateway, "POST", TOKEN_PATH, json=claim_of(gateway, made))
    bearer = {"Authorization": f"Bearer {tokens.json()['access_token']}"}
    read = await send(gateway, "GET", ANA_PATH, bearer)
    managed = await send(gateway, "GET", DEVICES, bearer)

    assert tokens.status_code == 200
    assert tokens.headers["cache-control"] == "no-store"
    assert tokens.json()["scope"] == "players:read vehicles:read"
    assert (read.status_code, managed.status_code) == (200, 403)


async def test_a_revoked_device_has_no_tokens_any_more(gateway: Gateway) -> None:
    made = await device_of(gateway)
    tokens = await send(gateway, "POST", TOKEN_PATH, json=claim_of(gateway, made))
    bearer = {"Authorization": f"Bearer {tokens.json()['access_token']}"}
    before = await send(gateway, "GET", ANA_PATH, bearer)
    await send(gateway, "DELETE", f"{DEVICES}/{TILL}", await login(gateway))
    after = await send(gateway, "GET", ANA_PATH, bearer)
    anew = await send(gateway, "POST", TOKEN_PATH, json=claim_of(gateway, made, nonce="n" * 16))

    assert [before.status_code, after.status_code, anew.status_code] == [200, 401, 401]


async def test_of_50_copies_at_once_one_gets_tokens(gateway: Gateway) -> None:
    made = await device_of(gateway)
    claim = claim_of(gateway, made)

    answers = await asyncio.gather(
        *(send(gateway, "POST", TOKEN_PATH, json=claim) for _ in range(50))
    )

    statuses = [answer.status_code for answer in answers]
    assert (statuses.count(200), statuses.count(401)) == (1, 49)


async def test_a_replay_after_a_restart_is_refused(tmp_path: Path, migrated: Path) -> None:
    folder = tmp_path / "data"
    shutil.copytree(migrated, folder)
    async with open_gateway(folder, **WIDE) as gateway:
        claim = claim_of(gateway, await device_of(gateway))
        first = await send(gateway, "POST", TOKEN_PATH, json=claim)
    async with open_gateway(folder, **WIDE) as gateway:
        replay = await send(gateway, "POST", TOKEN_PATH, json=claim)

    assert (first.status_code, replay.status_code) == (200, 401)
    assert replay.json()["detail"] == "The nonce was used already."


@pytest.mark.parametrize(
    ("off", "status"), [(-301, 401), (-300, 200), (0, 200), (300, 200), (301, 401)]
)
async def test_the_window_is_300_seconds_either_way(
    gateway: Gateway, off: int, status: int
) -> None:
    claim = claim_of(gateway, await device_of(gateway), off=off)

    assert (await send(gateway, "POST", TOKEN_PATH, json=claim)).status_code == status


async def test_a_nonce_of_another_device_is_fine(gateway: Gateway) -> None:
    for device_id in (TILL, "till-0002"):
        claim = claim_of(gateway, await device_of(gateway, device_id), nonce=NONCE)
        assert (await send(gateway, "POST", TOKEN_PATH, json=claim)).status_code == 200


async def test_unknown_and_wrong_are_answered_alike(gateway: Gateway) -> None:
    claim = claim_of(gateway, await device_of(gateway))
    wrong = [{**claim, "device_id": "nobody-knows"}, {**claim, "nonce": NONCE[::-1]}]
    answers = [await send(gateway, "POST", TOKEN_PATH, json=each) for each in wrong]

    problems = [{**answer.json(), "request_id": ""} for answer in answers]
    assert [answer.status_code for answer in answers] == [401, 401]
    assert problems[0] == problems[1]


@pytest.mark.parametrize(
    ("change", "parameter"),
    [
        ({"device_id": "no"}, "device_id"),
        ({"timestamp": "now"}, "timestamp"),
        ({"nonce": "short"}, "nonce"),
        ({"hmac_hash": "AAAA"}, "hmac_hash"),
        ({"more": 1}, "more"),
    ],
)
async def test_a_claim_that_cannot_be_names_the_member(
    gateway: Gateway, change: dict[str, object], parameter: str
) -> None:
    claim = claim_of(gateway, await device_of(gateway))
    answer = await send(gateway, "POST", TOKEN_PATH, json={**claim, **change})

    assert (answer.status_code, answer.json()["parameter"]) == (400, parameter)


async def test_a_timestamp_beyond_all_numbers_is_refused(gateway: Gateway) -> None:
    claim = claim_of(gateway, await device_of(gateway))
    answer = await send(gateway, "POST", TOKEN_PATH, json={**claim, "timestamp": 10**30})

    assert answer.status_code in {400, 401}


@pytest.mark.parametrize("table", ["devices", "device_nonces", "sessions"])
async def test_a_database_that_fails_refuses(gateway: Gateway, table: str) -> None:
    claim = claim_of(gateway, await device_of(gateway))
    await lose(gateway, table)
    answer = await send(gateway, "POST", TOKEN_PATH, json=claim)

    assert (answer.status_code, answer.json()["code"]) == (503, "storage_unavailable")


async def test_asking_for_tokens_is_limited_by_address(open_: OpenGateway) -> None:
    gateway = await open_(**{**WIDE, "RATE_LIMIT_AUTH_TOKEN": "2/minute"})
    claim = {"device_id": TILL, "timestamp": 1, "nonce": NONCE, "hmac_hash": "A" * 43 + "="}
    answers = [await send(gateway, "POST", TOKEN_PATH, json=claim) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [401, 401, 429]


async def test_a_secret_that_was_sealed_under_a_lost_key_is_told_as_such(
    gateway: Gateway,
) -> None:
    made = await device_of(gateway)
    sealed = made.device.sealed_secret
    async with gateway.container.access.work().change() as work:
        lost = replace(made.device, sealed_secret=f"v1.00000000.{sealed.split('.')[2]}")
        await work.devices.replace(lost)
    answer = await send(gateway, "POST", TOKEN_PATH, json=claim_of(gateway, made))

    assert (answer.status_code, answer.json()["code"]) == (503, "seal_broken")
