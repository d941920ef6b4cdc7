"""What is billable is on disk before it is answered, exactly once, on either way."""

import asyncio
import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
import pytest

from plg.application.plans.override_plan import NewOverride
from plg.domain.audit import OPERATOR
from plg.domain.plans.terms import Terms
from plg.domain.records.players import KillerBiId
from tests.integration.http.conftest import OpenGateway, Serve
from tests.integration.http.gateway import ANA_PATH, Gateway
from tests.integration.http.keyholders import Holder, ask, holder_in
from tests.integration.http.listening import Listener
from tests.integration.http.wire import Heard, request

ANA = KillerBiId("KB-000001")
BEN_PATH = "/api/v1/players/KB-000002"
BOTH_LANES = pytest.mark.parametrize("lane", ["on", "off"])
GENEROUS = {"RATE_LIMIT_BURST": "100000/minute", "RATE_LIMIT_SUSTAINED": "100000/minute"}


def records(gateway: Gateway) -> list[dict[str, Any]]:
    """Return the usage records, as another process sees them."""
    path: Path = gateway.settings.storage.data_dir / "db.sqlite3"
    with closing(sqlite3.connect(path)) as connection:
        connection.row_factory = sqlite3.Row
        rows = connection.execute("SELECT * FROM usage_records ORDER BY account_id, sequence")
        return [dict(row) for row in rows]


def told(answer: Heard, name: bytes) -> str:
    return (answer.field(name) or b"").decode()


def problem(answer: Heard) -> dict[str, Any]:
    document: dict[str, Any] = msgspec.json.decode(answer.body)
    return document


async def limited_to(gateway: Gateway, holder: Holder, requests: int) -> None:
    """Give the holder's account so many requests a day."""
    await gateway.container.billing().override_plan(
        holder.caller.account_id or "", NewOverride(Terms(requests_per_day=requests)), OPERATOR
    )


async def billed(serve: Serve, lane: str) -> tuple[Listener, Holder]:
    rate = "100000/minute"
    listener = await serve(None, FAST_LANE=lane, RATE_LIMIT_BURST=rate, RATE_LIMIT_SUSTAINED=rate)
    await listener.gateway.remember(ANA)
    holder = await holder_in(listener.gateway, "ana")
    await ask(listener.gateway, holder.key, "/api/v1/me")  # from now on it is remembered
    return listener, holder


@BOTH_LANES
async def test_a_hit_has_one_record(serve: Serve, lane: str) -> None:
    listener, holder = await billed(serve, lane)
    peer = await listener.connect()
    answer = await peer.ask(request(ANA_PATH, "X-Request-ID: mine", key=holder.key))

    assert answer.status == 200
    (record,) = records(listener.gateway)
    assert record["account_id"] == holder.caller.account_id
    assert (record["resource"], record["record_key"]) == ("players", "KB-000001")
    assert (record["metered"], record["units"], record["unit_price"]) == ("hit", 1, 100_000_000)
    assert (record["plan_code"], record["plan_version"]) == ("basic", 1)
    assert record["request_id"] == "mine"


@BOTH_LANES
async def test_answers_tell_what_is_left_of_the_day(serve: Serve, lane: str) -> None:
    listener, holder = await billed(serve, lane)
    peer = await listener.connect()
    answers = [await peer.ask(request(key=holder.key)) for _ in range(2)]

    left = [re.findall(r'"([a-z]+)";r=(\d+);t=\d+', told(each, b"ratelimit")) for each in answers]
    assert [[name for name, _ in each] for each in left] == [["burst", "sustained", "daily"]] * 2
    assert [each[-1] for each in left] == [("daily", "99"), ("daily", "98")]
    policy = told(answers[0], b"ratelimit-policy")
    assert re.findall(r'"[a-z]+"', policy) == ['"burst"', '"sustained"', '"daily"']
    assert policy.endswith(', "daily";q=100;w=86400')


@BOTH_LANES
async def test_a_spent_quota_is_a_429_and_costs_nothing(serve: Serve, lane: str) -> None:
    listener, holder = await billed(serve, lane)
    await limited_to(listener.gateway, holder, 2)
    peer = await listener.connect()
    statuses = [(await peer.ask(request(key=holder.key))).status for _ in range(4)]
    refused = await peer.ask(request(key=holder.key))

    assert statuses == [200, 200, 429, 429]
    assert ', "daily";r=0;t=' in told(refused, b"ratelimit")
    assert problem(refused)["violated-policies"] == ["daily"]
    assert problem(refused)["type"].endswith("#quota-exceeded")
    assert len(records(listener.gateway)) == 2


@BOTH_LANES
async def test_the_next_day_has_a_quota_of_its_own(serve: Serve, lane: str) -> None:
    listener, holder = await billed(serve, lane)
    await limited_to(listener.gateway, holder, 1)
    peer = await listener.connect()
    today = [(await peer.ask(request(key=holder.key))).status for _ in range(2)]
    listener.gateway.clock.advance(86400)
    await listener.gateway.container.access.follow_changes()()
    await listener.gateway.remember(ANA)

    assert today == [200, 429]
    assert (await peer.ask(request(key=holder.key))).status == 200


async def test_the_losers_of_a_race_for_the_last_unit_cause_no_call(open_: OpenGateway) -> None:
    gateway = await open_(**GENEROUS)
    holder = await holder_in(gateway, "ana")
    await limited_to(gateway, holder, 1)
    targets = [f"/api/v1/players/KB-{number:06}" for number in range(1, 21)]
    answers = await gateway.together(*(ask(gateway, holder.key, target) for target in targets))

    assert sorted(answer.status_code for answer in answers) == [200] + [429] * 19
    assert gateway.simulator.stats.calls == 1
    assert len(records(gateway)) == 1


async def test_a_miss_is_recorded_as_one(open_: OpenGateway) -> None:
    gateway = await open_(**GENEROUS)
    holder = await holder_in(gateway, "ana")
    await ask(gateway, holder.key)

    assert [record["metered"] for record in records(gateway)] == ["miss"]


async def test_what_finds_no_match_is_free_and_gives_its_unit_back(open_: OpenGateway) -> None:
    gateway = await open_(**GENEROUS)
    holder = await holder_in(gateway, "ana")
    await limited_to(gateway, holder, 1)
    statuses = [
        (await ask(gateway, holder.key, target)).status_code
        for target in ("/api/v1/players/NOBODY", ANA_PATH, BEN_PATH)
    ]

    assert statuses == [404, 200, 429]
    assert len(records(gateway)) == 1


async def test_a_source_that_fails_costs_nothing(open_: OpenGateway) -> None:
    gateway = await open_(**GENEROUS)
    holder = await holder_in(gateway, "ana")
    gateway.simulator.control(error_ratio=1, error_status=503)
    failed = await ask(gateway, holder.key)
    await gateway.container.ledger().drain()

    assert failed.status_code == 502
    assert records(gateway) == []


@BOTH_LANES
@pytest.mark.parametrize(("condition", "count"), [("{etag}", 0), ("*", 1)])
async def test_not_modified_is_free_unless_anything_would_match(
    serve: Serve, lane: str, condition: str, count: int
) -> None:
    listener, holder = await billed(serve, lane)
    entry = await listener.gateway.remember(ANA)
    peer = await listener.connect()
    field = f"If-None-Match: {condition.format(etag=entry.etag.decode())}"
    answer = await peer.ask(request(ANA_PATH, field, key=holder.key))

    assert answer.status == 304
    assert len(records(listener.gateway)) == count


@BOTH_LANES
async def test_head_counts_as_get(serve: Serve, lane: str) -> None:
    listener, holder = await billed(serve, lane)
    peer = await listener.connect()
    await peer.send(request(key=holder.key, method="HEAD"))
    head = await peer.read(1)

    assert head == b"H"
    assert [record["metered"] for record in records(listener.gateway)] == ["hit"]


@BOTH_LANES
async def test_pipelined_answers_keep_their_order(serve: Serve, lane: str) -> None:
    listener, holder = await billed(serve, lane)
    peer = await listener.connect()
    targets = [ANA_PATH, "/health/live", ANA_PATH, BEN_PATH, ANA_PATH]
    wire = b"".join(
        request(target, f"X-Request-ID: r{number}", key=holder.key)
        for number, target in enumerate(targets)
    )
    await peer.send(wire)
    answers = [await peer.answer() for _ in targets]

    assert [told(answer, b"x-request-id") for answer in answers] == [
        f"r{number}" for number in range(len(targets))
    ]
    assert sorted(record["request_id"] for record in records(listener.gateway)) == [
        "r0", "r2", "r3", "r4",
    ]  # fmt: skip


async def test_the_same_idempotency_key_is_billed_once(open_: OpenGateway) -> None:
    gateway = await open_(**GENEROUS)
    holder = await holder_in(gateway, "ana")
    headers = {"X-API-Key": holder.key, "Idempotency-Key": "once"}
    async with gateway.client(headers=headers) as client:
        first, again = await client.get(ANA_PATH), await client.get(ANA_PATH)
        other = await client.get(BEN_PATH)

    assert (first.status_code, again.status_code, other.status_code) == (200, 200, 422)
    assert other.json()["code"] == "idempotency_mismatch"
    assert again.content == first.content
    assert len(records(gateway)) == 1


async def test_a_record_fetched_again_that_says_the_same_is_no_second_charge(
    open_: OpenGateway,
) -> None:
    gateway = await open_(**GENEROUS)
    holder = await holder_in(gateway, "ana")
    headers = {"X-API-Key": holder.key, "Idempotency-Key": "once"}
    async with gateway.client(headers=headers) as client:
        first = await client.get(ANA_PATH)
        gateway.clock.advance(1)
        await gateway.container.player.purge()(None)
        again = await client.get(ANA_PATH)

    assert first.headers["etag"] != again.headers["etag"]
    assert len(records(gateway)) == 1


async def test_a_record_that_changed_is_billed_anew(open_: OpenGateway) -> None:
    gateway = await open_(**GENEROUS)
    holder = await holder_in(gateway, "ana")
    headers = {"X-API-Key": holder.key, "Idempotency-Key": "once"}
    async with gateway.client(headers=headers) as client:
        await client.get(ANA_PATH)
        gateway.simulator.control(version=2)
        await gateway.container.player.purge()(None)
        await client.get(ANA_PATH)

    assert len(records(gateway)) == 2


@pytest.mark.parametrize("key", ["", "k" * 256, "a b"])
async def test_an_idempotency_key_that_cannot_be_used_is_a_400(
    open_: OpenGateway, key: str
) -> None:
    gateway = await open_(**GENEROUS)
    for mine in ((await holder_in(gateway, "ana")).key, gateway.key):
        async with gateway.client(headers={"X-API-Key": mine, "Idempotency-Key": key}) as client:
            assert (await client.get(ANA_PATH)).status_code == 400
    assert records(gateway) == []


async def test_the_service_key_is_not_billed(gateway: Gateway) -> None:
    await gateway.get()

    assert records(gateway) == []


@BOTH_LANES
async def test_a_ledger_that_cannot_write_answers_503(serve: Serve, lane: str) -> None:
    listener, holder = await billed(serve, lane)
    peer = await listener.connect()
    path = listener.gateway.settings.storage.data_dir / "db.sqlite3"
    with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as other:
        await asyncio.to_thread(other.execute, "BEGIN IMMEDIATE")
        answer = await peer.ask(request(key=holder.key))
        other.execute("ROLLBACK")

    assert answer.status == 503
    assert problem(answer)["code"] == "ledger_unavailable"
    assert records(listener.gateway) == []
    assert (await peer.ask(request(key=holder.key))).status == 200


async def test_a_client_that_is_gone_harms_nobody(serve: Serve) -> None:
    listener, holder = await billed(serve, "on")
    for _ in range(5):
        peer = await listener.connect()
        await peer.send(request(key=holder.key))
        peer.vanish()
    peer = await listener.connect()

    assert (await peer.ask(request(key=holder.key))).status == 200
    assert 1 <= len(records(listener.gateway)) <= 6
