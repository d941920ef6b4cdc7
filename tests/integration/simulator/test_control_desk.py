"""The control desk: faults and counts by HTTP."""

import asyncio

import httpx
import pytest

from plg.entrypoints.simulator.app import Simulator, create_simulator

ANA = "/players?killer_bi_id=KB-000001"
BORIS = "/players?killer_bi_id=KB-000002"


async def test_a_change_is_in_force_for_the_next_call(client: httpx.AsyncClient) -> None:
    await client.put("/_control", json={"error_ratio": 1, "error_status": 503})

    assert (await client.get(ANA)).status_code == 503


async def test_a_change_leaves_the_other_members(
    client: httpx.AsyncClient, simulator: Simulator
) -> None:
    simulator.control(latency=3)
    await client.put("/_control", json={"jitter": 1})

    assert (simulator.faults.latency, simulator.faults.jitter) == (3, 1)


async def test_the_faults_in_force_are_shown(
    client: httpx.AsyncClient, simulator: Simulator
) -> None:
    simulator.control(gone=["KB-000009"], garbage_kind="oversize")

    assert (await client.get("/_control")).json() == simulator.faults.as_json()


async def test_a_change_answers_with_the_faults_in_force(
    client: httpx.AsyncClient, simulator: Simulator
) -> None:
    response = await client.put("/_control", json={"version": 9})

    assert response.json() == simulator.faults.as_json()


@pytest.mark.parametrize(
    ("body", "named"),
    [
        (b'{"speed": 1}', "speed"),
        (b'{"error_ratio": 2}', "error_ratio"),
        (b'{"gone": [1]}', "gone"),
        (b"[]", "object"),
        (b"{", "JSON"),
        (b'{"latency": \xff}', "JSON"),
        (b'{"gone": ' + b"[" * 5000, "JSON"),
    ],
)
async def test_a_bad_change_is_refused_with_its_reason(
    client: httpx.AsyncClient, body: bytes, named: str
) -> None:
    response = await client.put("/_control", content=body)

    assert response.status_code == 400
    assert named in response.json()["error"]


async def test_a_bad_change_changes_nothing(
    client: httpx.AsyncClient, simulator: Simulator
) -> None:
    before = simulator.faults
    await client.put("/_control", json={"latency": 5, "error_ratio": 2})

    assert simulator.faults == before


@pytest.mark.parametrize("path", ["/_control", "/_stats"])
async def test_the_desk_refuses_other_methods(client: httpx.AsyncClient, path: str) -> None:
    assert (await client.post(path)).status_code == 405


async def test_calls_are_counted_by_key(client: httpx.AsyncClient) -> None:
    for call in (ANA, BORIS, ANA):
        await client.get(call)
    stats = (await client.get("/_stats")).json()

    assert (stats["calls"], stats["distinct_keys"]) == (3, 2)
    assert stats["by_key"] == {"KB-000001": 2, "KB-000002": 1}


async def test_calls_are_counted_by_result_and_status(client: httpx.AsyncClient) -> None:
    await client.get(ANA)
    await client.get(ANA, headers={"If-None-Match": "*"})
    await client.get("/players?killer_bi_id=nobody")
    await client.put("/_control", json={"rate_limit_ratio": 1})
    await client.get(ANA)
    stats = (await client.get("/_stats")).json()

    assert stats["by_result"] == {"found": 1, "not_modified": 1, "no_match": 1, "rate_limit": 1}
    assert stats["by_status"] == {"200": 2, "304": 1, "429": 1}


async def test_answers_without_content_are_counted(client: httpx.AsyncClient) -> None:
    await client.get(ANA, headers={"If-None-Match": "*"})

    assert (await client.get("/_stats")).json()["not_modified"] == 1


async def test_a_dropped_connection_is_no_longer_in_flight(
    client: httpx.AsyncClient, simulator: Simulator
) -> None:
    simulator.control(disconnect_ratio=1)
    with pytest.raises(ConnectionError):
        await client.get(ANA)

    assert simulator.stats.in_flight == 0
    assert simulator.stats.by_result == {"disconnect": 1}


async def test_the_most_calls_in_flight_are_counted() -> None:
    meeting = asyncio.Barrier(5)
    simulator = create_simulator(sleep=lambda _seconds: meeting.wait())
    simulator.control(latency=1)
    transport = httpx.ASGITransport(app=simulator)
    async with httpx.AsyncClient(transport=transport, base_url="http://source.test") as client:
        await asyncio.gather(*(client.get(ANA) for _ in range(5)))

    assert (simulator.stats.in_flight, simulator.stats.max_in_flight) == (0, 5)


async def test_a_reset_begins_the_counts_anew(client: httpx.AsyncClient) -> None:
    await client.get(ANA)
    response = await client.delete("/_stats")

    assert response.json()["calls"] == 0


async def test_the_desk_itself_is_not_counted(client: httpx.AsyncClient) -> None:
    await client.get("/_control")

    assert (await client.get("/_stats")).json()["calls"] == 0
