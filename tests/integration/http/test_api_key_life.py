"""An API key from the first use to its end, over HTTP."""

from dataclasses import replace
from pathlib import Path

import pytest

from plg.application.identity.follow_changes import UPKEEP_SECONDS
from plg.application.ports.identity.audit import AuditFilter
from plg.domain.audit import OPERATOR, Action
from plg.domain.identity.access import Caller, Scope
from plg.domain.identity.api_key_changes import KeyChange
from plg.domain.identity.api_key_format import new_secret
from plg.domain.identity.networks import parse_network
from plg.domain.limits.rates import Rate
from tests.fakes.clock import NOON
from tests.integration.http.conftest import OpenGateway
from tests.integration.http.gateway import Gateway, open_gateway
from tests.integration.http.keyholders import READER, account_in, ask, key_in

LEAKED = "/api/v1/leaked-credentials"
KEYS = "/api/v1/api-keys"
INSIDE, OUTSIDE = "192.0.2.7", "198.51.100.7"
OFFICE = parse_network("192.0.2.0/24")


@pytest.fixture
async def ana(gateway: Gateway) -> Caller:
    return await account_in(gateway, "ana")


async def change_key(gateway: Gateway, key_id: str, ana: Caller, change: KeyChange) -> None:
    await gateway.container.keys().change(key_id, change, ana, OPERATOR)


async def obey(gateway: Gateway) -> None:
    """Do what the process does every second."""
    await gateway.container.access.follow_changes()()


async def test_flaws_are_told_in_a_fixed_order(gateway: Gateway, ana: Caller) -> None:
    """Each is mended in turn, and the next one shows."""
    slow = KeyChange(
        "k", frozenset({Scope.BILLING_READ}), NOON + 60, (OFFICE,), Rate(2, 3600), is_enabled=False
    )
    issued = await key_in(gateway, ana, slow)
    key, key_id = issued.secret.reveal(), issued.key.id

    async def code(credential: str = key, peer: str = OUTSIDE) -> str:
        answer = await ask(gateway, credential, peer=peer)
        return str(answer.json().get("code", answer.status_code))

    gateway.clock.advance(60)
    assert await code("plg_live_nothing") == "invalid_credential"
    assert await code(new_secret().reveal()) == "invalid_credential"
    assert await code() == "invalid_credential"  # disabled, and expired
    await change_key(gateway, key_id, ana, KeyChange(is_enabled=True))
    assert await code() == "invalid_credential"  # expired, and from elsewhere
    await change_key(gateway, key_id, ana, KeyChange(expires_at=None))
    assert await code() == "forbidden_network"  # and it lacks the scope
    assert await code(peer=INSIDE) == "insufficient_scope"  # which counts
    await change_key(gateway, key_id, ana, KeyChange(scopes=frozenset({Scope.PLAYERS_READ})))
    assert await code(peer=INSIDE) == "200"
    assert await code(peer=INSIDE) == "rate_exceeded"


@pytest.mark.parametrize(
    ("networks", "inside", "outside"),
    [
        (["192.0.2.0/24"], ["192.0.2.7", "::ffff:192.0.2.7"], ["192.0.3.7", "2001:db8::7"]),
        (["2001:db8::/32"], ["2001:db8::7", "2001:DB8:1::7"], ["2001:db9::7", "192.0.2.7"]),
    ],
)
async def test_a_key_is_good_only_in_its_networks(
    gateway: Gateway, ana: Caller, networks: list[str], inside: list[str], outside: list[str]
) -> None:
    allowed = tuple(map(parse_network, networks))
    issued = await key_in(gateway, ana, replace(READER, allowed_networks=allowed))
    key = issued.secret.reveal()
    for _ in range(2):  # looked up, and remembered
        statuses = [(await ask(gateway, key, peer=peer)).status_code for peer in inside]
        assert statuses == [200] * len(inside)
        for peer in outside:
            answer = await ask(gateway, key, peer=peer)
            assert (answer.status_code, answer.json()["code"]) == (403, "forbidden_network")


async def test_a_remembered_key_expires_to_the_second(gateway: Gateway, ana: Caller) -> None:
    issued = await key_in(gateway, ana, replace(READER, expires_at=NOON + 10))
    key = issued.secret.reveal()
    assert (await ask(gateway, key)).status_code == 200
    gateway.clock.advance(9.9)
    assert (await ask(gateway, key)).status_code == 200
    gateway.clock.advance(0.1)
    assert (await ask(gateway, key)).status_code == 401


async def test_a_revoked_key_ends_at_once(gateway: Gateway, ana: Caller) -> None:
    issued = await key_in(gateway, ana, READER)
    key = issued.secret.reveal()
    assert (await ask(gateway, key)).status_code == 200
    await gateway.container.keys().revoke(issued.key.id, None, ana, OPERATOR)
    assert (await ask(gateway, key)).status_code == 401


async def test_a_revoked_key_ends_in_other_processes_with_their_next_look(
    gateway: Gateway, ana: Caller
) -> None:
    folder: Path = gateway.settings.storage.data_dir
    issued = await key_in(gateway, ana, READER)
    key = issued.secret.reveal()
    async with open_gateway(folder) as other:
        assert (await ask(other, key)).status_code == 200
        await gateway.container.keys().revoke(issued.key.id, None, ana, OPERATOR)
        other.clock.advance(1)  # of the five seconds
        await obey(other)
        assert (await ask(other, key)).status_code == 401


async def test_a_process_that_hears_nothing_forgets_by_itself(
    gateway: Gateway, ana: Caller
) -> None:
    issued = await key_in(gateway, ana, READER)
    key = issued.secret.reveal()
    assert (await ask(gateway, key)).status_code == 200
    identify = gateway.container.access.identify()
    digest = identify.digest(key.encode())
    assert identify.recall(digest, INSIDE, gateway.clock.now()) is not None
    gateway.clock.advance(60)
    assert identify.recall(digest, INSIDE, gateway.clock.now()) is None


async def test_a_replaced_secret_lives_for_its_grace(gateway: Gateway, ana: Caller) -> None:
    issued = await key_in(gateway, ana, replace(READER, scopes=frozenset({Scope.KEYS_WRITE})))
    old = issued.secret.reveal()
    async with gateway.client(headers={"X-API-Key": old}) as client:
        path = f"{KEYS}/{issued.key.id}/regenerate"
        answer = await client.post(path, json={"grace_seconds": 60})
    new = answer.json()["key"]

    assert (answer.status_code, answer.json()["id"]) == (200, issued.key.id)
    assert answer.headers["cache-control"] == "no-store"
    assert [(await ask(gateway, key, KEYS)).status_code for key in (old, new)] == [200, 200]
    gateway.clock.advance(60)
    await obey(gateway)
    assert [(await ask(gateway, key, KEYS)).status_code for key in (old, new)] == [401, 200]


async def test_without_a_grace_the_old_secret_ends_at_once(gateway: Gateway, ana: Caller) -> None:
    issued = await key_in(gateway, ana, replace(READER, scopes=frozenset({Scope.KEYS_WRITE})))
    old = issued.secret.reveal()
    async with gateway.client(headers={"X-API-Key": old}) as client:
        path = f"{KEYS}/{issued.key.id}/regenerate"
        answer = await client.post(path, json={"grace_seconds": 0})
        again = await client.post(path, json={"grace_seconds": 0})

    assert (answer.status_code, again.status_code) == (200, 401)
    assert (await ask(gateway, answer.json()["key"], KEYS)).status_code == 200


async def test_a_day_is_the_grace_where_none_is_said(gateway: Gateway, ana: Caller) -> None:
    issued = await key_in(gateway, ana, replace(READER, scopes=frozenset({Scope.KEYS_WRITE})))
    old = issued.secret.reveal()
    async with gateway.client(headers={"X-API-Key": old}) as client:
        assert (await client.post(f"{KEYS}/{issued.key.id}/regenerate")).status_code == 200
    gateway.clock.advance(86399)
    assert (await ask(gateway, old, KEYS)).status_code == 200
    gateway.clock.advance(1)
    assert (await ask(gateway, old, KEYS)).status_code == 401


async def test_a_leaked_key_is_ended_by_who_found_it(gateway: Gateway, ana: Caller) -> None:
    issued = await key_in(gateway, ana, READER)
    key = issued.secret.reveal()
    assert (await ask(gateway, key)).status_code == 200
    async with gateway.client(headers={}, peer=OUTSIDE) as client:
        answer = await client.post(LEAKED, json={"credential": key})
    shown = await gateway.container.keys().show(issued.key.id, ana)

    assert (answer.status_code, answer.json()) == (200, {"revoked": True})
    assert (await ask(gateway, key)).status_code == 401
    assert shown.revoked_reason == "leaked"


async def test_a_leak_is_in_the_audit_log_with_who_told(gateway: Gateway, ana: Caller) -> None:
    issued = await key_in(gateway, ana, READER)
    async with gateway.client(headers={"X-Request-ID": "r-1"}, peer=OUTSIDE) as client:
        await client.post(LEAKED, json={"credential": issued.secret.reveal()})
    async with gateway.container.access.work().look() as work:
        (record,) = await work.audit.page(
            AuditFilter(action=Action.KEY_LEAKED), before=None, limit=10
        )

    assert (record.actor.id, record.actor.address) == ("anonymous", OUTSIDE)
    assert (record.actor.request_id, record.target) == ("r-1", f"key:{issued.key.id}")


@pytest.mark.parametrize(
    "credential", ["", "anything", pytest.param(new_secret().reveal(), id="new")]
)
async def test_what_is_no_key_of_ours_is_answered_alike(gateway: Gateway, credential: str) -> None:
    async with gateway.client(headers={}) as client:
        answer = await client.post(LEAKED, json={"credential": credential})

    assert (answer.status_code, answer.json()) == (200, {"revoked": False})


async def test_reports_of_leaks_are_limited(open_: OpenGateway) -> None:
    gateway = await open_(RATE_LIMIT_AUTH_TOKEN="1/minute")
    async with gateway.client(headers={}) as client:
        statuses = [
            (await client.post(LEAKED, json={"credential": "x"})).status_code for _ in range(2)
        ]

    assert statuses == [200, 429]


async def test_the_last_use_of_a_key_is_told_to_the_minute(gateway: Gateway, ana: Caller) -> None:
    issued = await key_in(gateway, ana, READER)
    await ask(gateway, issued.secret.reveal(), peer=OUTSIDE)
    gateway.clock.advance(UPKEEP_SECONDS)
    await gateway.container.access.key_uses().write()
    shown = await gateway.container.keys().show(issued.key.id, ana)

    assert (shown.last_used_at, shown.last_used_address) == (NOON // 60 * 60, OUTSIDE)


async def test_uses_are_written_when_the_process_ends(migrated: Path, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    for each in migrated.iterdir():
        if each.is_file():
            (folder / each.name).write_bytes(each.read_bytes())
    async with open_gateway(folder) as first:
        ana = await account_in(first, "ana")
        issued = await key_in(first, ana, READER)
        await ask(first, issued.secret.reveal(), peer=OUTSIDE)
    async with open_gateway(folder) as second:
        shown = await second.container.keys().show(issued.key.id, ana)

    assert shown.last_used_address == OUTSIDE
