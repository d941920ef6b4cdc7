"""Each fault of the simulator, as a client in process sees it."""

import asyncio
import json

import httpx
import pytest
from starlette.types import Message

from plg.entrypoints.simulator.app import Simulator, create_simulator
from plg.entrypoints.simulator.delivery import HungUp
from tests.integration.simulator.recorded_sleep import RecordedSleep

ANA = "/players?killer_bi_id=KB-000001"
MIB = 1024 * 1024


async def garbage(client: httpx.AsyncClient, simulator: Simulator, kind: str) -> httpx.Response:
    simulator.control(garbage_ratio=1.0, garbage_kind=kind)
    return await client.get(ANA)


async def test_an_error_has_one_of_the_statuses_of_a_failing_server(
    client: httpx.AsyncClient, simulator: Simulator
) -> None:
    simulator.control(error_ratio=1.0)

    statuses = {(await client.get(ANA)).status_code for _ in range(50)}

    assert statuses == {500, 502, 503, 504}


async def test_a_redirect_points_elsewhere(client: httpx.AsyncClient, simulator: Simulator) -> None:
    simulator.control(error_ratio=1.0, error_status=302)
    response = await client.get(ANA)

    assert (response.status_code, response.headers["location"]) == (302, "/elsewhere")


async def test_a_rate_limit_says_when_to_come_back(
    client: httpx.AsyncClient, simulator: Simulator
) -> None:
    simulator.control(rate_limit_ratio=1.0, retry_after=17)
    response = await client.get(ANA)

    assert (response.status_code, response.headers["retry-after"]) == (429, "17")


async def test_an_answer_waits_for_the_latency(
    client: httpx.AsyncClient, simulator: Simulator, sleep: RecordedSleep
) -> None:
    simulator.control(latency=0.25)
    await client.get(ANA)

    assert sleep.seconds == [0.25]


async def test_an_answer_without_latency_does_not_sleep(
    client: httpx.AsyncClient, sleep: RecordedSleep
) -> None:
    await client.get(ANA)

    assert sleep.seconds == []


async def test_a_timeout_is_an_answer_only_after_its_bound(
    client: httpx.AsyncClient, simulator: Simulator, sleep: RecordedSleep
) -> None:
    simulator.control(timeout_ratio=1.0, timeout_seconds=12)
    response = await client.get(ANA)

    assert (response.status_code, sleep.seconds) == (504, [12.0])


async def test_a_timeout_does_not_answer_before_its_bound(
    client: httpx.AsyncClient, simulator: Simulator, sleep: RecordedSleep
) -> None:
    sleep.hold()
    simulator.control(timeout_ratio=1.0)
    call = asyncio.create_task(client.get(ANA))
    await sleep.begun.wait()
    assert not call.done()

    sleep.release()
    assert (await call).status_code == 504


async def test_a_timeout_ends_when_its_caller_is_cancelled(
    client: httpx.AsyncClient, simulator: Simulator, sleep: RecordedSleep
) -> None:
    sleep.hold()
    simulator.control(timeout_ratio=1.0)
    call = asyncio.create_task(client.get(ANA))
    await sleep.begun.wait()
    call.cancel()
    await asyncio.wait({call})

    assert simulator.stats.in_flight == 0


async def test_a_client_that_went_away_is_sent_nothing(
    simulator: Simulator, sleep: RecordedSleep
) -> None:
    sent: list[Message] = []
    messages = [{"type": "http.request"}, {"type": "http.disconnect"}]

    async def receive() -> Message:
        return messages.pop(0)

    async def send(message: Message) -> None:
        sent.append(message)

    sleep.hold()
    simulator.control(timeout_ratio=1.0)
    await simulator(
        {"type": "http", "path": "/players", "method": "GET", "query_string": b"", "headers": []},
        receive,
        send,
    )

    assert sent == []


async def test_a_dropped_connection_is_an_error_in_process(
    client: httpx.AsyncClient, simulator: Simulator
) -> None:
    simulator.control(disconnect_ratio=1.0)

    with pytest.raises(HungUp):
        await client.get(ANA)


async def test_the_error_of_a_dropped_connection_can_be_chosen() -> None:
    simulator = create_simulator(hang_up=lambda: httpx.ReadError("dropped"))
    simulator.control(disconnect_ratio=1.0)
    transport = httpx.ASGITransport(app=simulator)
    async with httpx.AsyncClient(transport=transport, base_url="http://source.test") as client:
        with pytest.raises(httpx.ReadError):
            await client.get(ANA)


async def test_garbage_of_invalid_json_cannot_be_parsed(
    client: httpx.AsyncClient, simulator: Simulator
) -> None:
    with pytest.raises(json.JSONDecodeError):
        json.loads((await garbage(client, simulator, "invalid_json")).content)


async def test_garbage_of_invalid_utf8_cannot_be_decoded(
    client: httpx.AsyncClient, simulator: Simulator
) -> None:
    with pytest.raises(UnicodeDecodeError):
        (await garbage(client, simulator, "invalid_utf8")).content.decode()


async def test_garbage_of_the_wrong_shape_is_json_without_records(
    client: httpx.AsyncClient, simulator: Simulator
) -> None:
    assert (await garbage(client, simulator, "wrong_shape")).json() == 42


async def test_garbage_of_the_wrong_content_type_says_so(
    client: httpx.AsyncClient, simulator: Simulator
) -> None:
    response = await garbage(client, simulator, "wrong_content_type")

    assert response.headers["content-type"] == "text/html"


async def test_oversize_garbage_is_a_matching_record_of_more_than_five_mebibytes(
    client: httpx.AsyncClient, simulator: Simulator
) -> None:
    response = await garbage(client, simulator, "oversize")

    assert len(response.content) > 5 * MIB
    assert response.json()[0]["killer_bi_id"] == "KB-000001"


async def test_oversize_garbage_does_not_announce_its_length(
    client: httpx.AsyncClient, simulator: Simulator
) -> None:
    assert "content-length" not in (await garbage(client, simulator, "oversize")).headers


async def test_deep_garbage_is_nested_a_thousand_levels(
    client: httpx.AsyncClient, simulator: Simulator
) -> None:
    body = (await garbage(client, simulator, "deep_nesting")).content

    assert b"[" * 1000 + b"]" * 1000 + b"}]" in body


async def test_garbage_has_the_status_of_a_good_answer(
    client: httpx.AsyncClient, simulator: Simulator
) -> None:
    simulator.control(garbage_ratio=1.0)

    assert {(await client.get(ANA)).status_code for _ in range(10)} == {200}
