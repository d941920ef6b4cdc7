"""Requests that devices sign."""

import asyncio
import json
import shutil
from pathlib import Path
from urllib.parse import quote

import pytest

from plg.domain.identity.access import Scope
from plg.domain.identity.accounts import USER_SCOPES
from tests.integration.http.conftest import OpenGateway
from tests.integration.http.devices_world import (
    WIDE,
    device_of,
    login,
    lose,
    send,
    signature_of,
)
from tests.integration.http.gateway import ANA_PATH, WITH_KEY, Gateway, open_gateway


@pytest.fixture
async def gateway(open_: OpenGateway) -> Gateway:
    return await open_(**WIDE)


@pytest.mark.parametrize(
    "target",
    [
        ANA_PATH,
        ANA_PATH + "/",
        "/api/?killer_bi_id=KB-000001",
        "/api?killer_bi_id=KB%2D000001&more=%C3%A9%20+",
        f"/api/v1/players/{quote('KB-000001').replace('K', '%4B')}",
    ],
)
async def test_a_signed_request_is_answered(gateway: Gateway, target: str) -> None:
    made = await device_of(gateway)
    signed = signature_of(gateway, made, target=target)

    answer = await send(gateway, "GET", target, signed)

    assert answer.status_code == 200
    assert answer.json()["killer_bi_id"] == "KB-000001"


async def test_head_is_signed_as_head(gateway: Gateway) -> None:
    made = await device_of(gateway)

    right = await send(gateway, "HEAD", ANA_PATH, signature_of(gateway, made, "HEAD"))
    wrong = await send(gateway, "HEAD", ANA_PATH, signature_of(gateway, made, "GET"))

    assert (right.status_code, wrong.status_code) == (200, 401)


async def test_a_device_is_limited_like_every_caller(gateway: Gateway) -> None:
    made = await device_of(gateway)

    answer = await send(gateway, "GET", ANA_PATH, signature_of(gateway, made))

    assert '"burst";q=1000' in answer.headers["ratelimit-policy"]
    assert ', "daily";r=99;' in answer.headers["ratelimit"]


async def test_a_request_that_limits_refused_may_be_sent_again_as_it_was(
    open_: OpenGateway,
) -> None:
    gateway = await open_(**WIDE | {"RATE_LIMIT_BURST": "2/minute"})
    made = await device_of(gateway)
    signed = [signature_of(gateway, made) for _ in range(3)]
    first = [(await send(gateway, "GET", ANA_PATH, each)).status_code for each in signed]
    gateway.clock.advance(31)
    again = [(await send(gateway, "GET", ANA_PATH, signed[2])).status_code for _ in range(2)]

    assert (first, again) == ([200, 200, 429], [200, 401])


async def test_what_was_recorded_spends_none_of_the_devices_limits(open_: OpenGateway) -> None:
    gateway = await open_(**WIDE | {"RATE_LIMIT_BURST": "3/minute"})
    made = await device_of(gateway)
    recorded = signature_of(gateway, made)
    await send(gateway, "GET", ANA_PATH, recorded)
    async with gateway.client(headers={}, peer="198.51.100.9") as thief:
        answers = [await thief.get(ANA_PATH, headers=recorded) for _ in range(4)]
    own = [await send(gateway, "GET", ANA_PATH, signature_of(gateway, made)) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [401, 401, 401, 429]
    assert [answer.status_code for answer in own] == [200, 200]


async def test_what_was_refused_for_its_scope_was_answered(gateway: Gateway) -> None:
    made = await device_of(gateway)
    signed = signature_of(gateway, made, "GET", "/api/v1/users")
    answers = [await send(gateway, "GET", "/api/v1/users", signed) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [403, 401]


async def test_a_signature_for_another_target_is_refused(gateway: Gateway) -> None:
    made = await device_of(gateway)
    signed = signature_of(gateway, made)

    answer = await send(gateway, "GET", "/api/v1/players/KB-000002", signed)

    assert (answer.status_code, answer.json()["code"]) == (401, "invalid_credential")
    assert 'error="invalid_token"' in answer.headers["www-authenticate"]


async def test_a_signed_body_counts_as_it_was_signed(gateway: Gateway) -> None:
    made = await device_of(gateway, scopes=USER_SCOPES | {Scope.DEVICES_REGISTER})
    target = "/api/v1/device/register"
    body = json.dumps({"device_id": "till-0002"}).encode()
    signed = signature_of(gateway, made, "POST", target, body)

    changed = await send(gateway, "POST", target, signed, content=body + b" ")
    whole = await send(gateway, "POST", target, signed, content=body)

    assert (changed.status_code, changed.json()["code"]) == (401, "invalid_credential")
    assert "Content-Digest" in changed.json()["detail"]
    # The signature counts; that a device registers no others is another matter.
    assert (whole.status_code, whole.json()["code"]) == (403, "insufficient_scope")


async def test_of_50_copies_at_once_one_is_answered(gateway: Gateway) -> None:
    signed = signature_of(gateway, await device_of(gateway))

    answers = await asyncio.gather(*(send(gateway, "GET", ANA_PATH, signed) for _ in range(50)))

    statuses = [answer.status_code for answer in answers]
    assert (statuses.count(200), statuses.count(401)) == (1, 49)


async def test_a_replay_after_a_restart_is_refused(tmp_path: Path, migrated: Path) -> None:
    folder = tmp_path / "data"
    shutil.copytree(migrated, folder)
    async with open_gateway(folder, **WIDE) as gateway:
        signed = signature_of(gateway, await device_of(gateway))
        first = await send(gateway, "GET", ANA_PATH, signed)
    async with open_gateway(folder, **WIDE) as gateway:
        replay = await send(gateway, "GET", ANA_PATH, signed)

    assert (first.status_code, replay.status_code) == (200, 401)


@pytest.mark.parametrize(("seconds", "status"), [(-300, 200), (-301, 401), (60, 200), (61, 401)])
async def test_a_signature_counts_within_its_window(
    gateway: Gateway, seconds: int, status: int
) -> None:
    signed = signature_of(gateway, await device_of(gateway))
    gateway.clock.advance(seconds)

    assert (await send(gateway, "GET", ANA_PATH, signed)).status_code == status


@pytest.mark.parametrize("name", ["Signature", "Signature-Input"])
async def test_half_a_signature_is_no_credential(gateway: Gateway, name: str) -> None:
    signed = signature_of(gateway, await device_of(gateway))
    answer = await send(gateway, "GET", ANA_PATH, {name: signed[name]})

    assert (answer.status_code, answer.json()["code"]) == (401, "invalid_credential")


async def test_a_signature_beside_another_credential_is_refused(gateway: Gateway) -> None:
    signed = signature_of(gateway, await device_of(gateway))
    answers = [
        await send(gateway, "GET", ANA_PATH, {**signed, **WITH_KEY}),
        await send(gateway, "GET", ANA_PATH, {**signed, **await login(gateway)}),
    ]

    assert [answer.json()["code"] for answer in answers] == ["invalid_request"] * 2


async def test_a_signature_sent_twice_is_refused(gateway: Gateway) -> None:
    signed = signature_of(gateway, await device_of(gateway))
    twice = [*signed.items(), ("Signature", signed["Signature"])]
    async with gateway.client(headers={}) as client:
        answer = await client.get(ANA_PATH, headers=twice)

    assert (answer.status_code, answer.json()["code"]) == (401, "invalid_credential")


@pytest.mark.parametrize("table", ["devices", "device_nonces"])
async def test_a_database_that_fails_refuses(gateway: Gateway, table: str) -> None:
    signed = signature_of(gateway, await device_of(gateway))
    await gateway.get()  # the record is at hand, but that does not help
    await lose(gateway, table)

    answer = await send(gateway, "GET", ANA_PATH, signed)

    assert (answer.status_code, answer.json()["code"]) == (503, "storage_unavailable")


async def test_a_revoked_device_signs_in_vain(gateway: Gateway) -> None:
    made = await device_of(gateway)
    await send(gateway, "DELETE", f"/api/v1/devices/{made.device.id}", await login(gateway))

    answer = await send(gateway, "GET", ANA_PATH, signature_of(gateway, made))

    assert answer.status_code == 401
