"""What was observed of a vehicle: its trendline, and how it was at a time."""

import json

import pytest

from tests.integration.http.conftest import OpenGateway
from tests.integration.http.gateway import Gateway
from tests.integration.http.vehicle_paths import (
    DYNAMIC,
    PAST,
    STATIC,
    TRENDLINE,
    TTLS,
    WARRANTY,
    observe,
    written,
)


@pytest.fixture
async def gateway(open_: OpenGateway) -> Gateway:
    return await open_(**TTLS)


async def test_observations_make_a_trendline(gateway: Gateway) -> None:
    bodies = [json.loads(body) for body in await observe(gateway, 5)]
    trendline = (await gateway.get(TRENDLINE)).json()

    names = ("timestamp", "soh", "odometer")
    assert list(trendline) == ["vin", "observations", "is_complete", "points"]
    assert trendline["points"] == [{name: body[name] for name in names} for body in bodies]
    assert (trendline["observations"], trendline["is_complete"]) == (5, True)


async def test_a_trendline_can_be_of_a_range_and_of_few_points(gateway: Gateway) -> None:
    bodies = [json.loads(body) for body in await observe(gateway, 15)]
    since, until = bodies[3]["timestamp"], bodies[9]["timestamp"]
    part = (await gateway.get(f"{TRENDLINE}?from={since}&to={until}")).json()["points"]
    few = (await gateway.get(f"{TRENDLINE}?points=10")).json()

    assert [point["timestamp"] for point in part] == [b["timestamp"] for b in bodies[3:10]]
    assert (len(few["points"]) <= 10, few["observations"]) == (True, 15)
    assert {few["points"][0]["timestamp"], few["points"][-1]["timestamp"]} == {
        bodies[0]["timestamp"],
        bodies[-1]["timestamp"],
    }


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("points=9", "points"),
        ("points=1001", "points"),
        ("points=", "points"),
        ("points=99999999999", "points"),
        ("points=%C2%B2%C2%B2", "points"),
        ("from=yesterday", "from"),
        ("to=2026-01-01T00:00:00", "to"),
        ("from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z", "from"),
        ("points=10&points=10", "points"),
    ],
)
async def test_a_trendline_that_cannot_be_is_refused(
    gateway: Gateway, query: str, parameter: str
) -> None:
    answer = await gateway.get(f"{TRENDLINE}?{query}")

    assert (answer.status_code, answer.json()["parameter"]) == (400, parameter)


@pytest.mark.parametrize("target", [TRENDLINE, f"{DYNAMIC}?{PAST}"])
async def test_what_is_kept_may_be_stored_but_not_reused_unasked(
    gateway: Gateway, target: str
) -> None:
    await observe(gateway, 1)
    headers = (await gateway.get(target)).headers

    assert headers["cache-control"] == "private, no-cache"
    assert headers["cache-status"] == "plg; hit; detail=kept"
    assert headers["vary"] == "Authorization, X-API-Key"
    assert "age" not in headers


async def test_dynamic_data_can_be_asked_for_as_it_was(gateway: Gateway) -> None:
    bodies = await observe(gateway, 3)
    calls = gateway.simulator.stats.calls
    then = await gateway.get(f"{DYNAMIC}?{PAST}")

    assert then.content == bodies[0]
    assert gateway.simulator.stats.calls == calls


async def test_as_it_was_has_the_etag_that_it_had(gateway: Gateway) -> None:
    etag = (await gateway.get(DYNAMIC)).headers["etag"]
    await observe(gateway, 1)

    assert (await gateway.get(f"{DYNAMIC}?{PAST}")).headers["etag"] == etag


@pytest.mark.parametrize("at", ["2023-11-14T22:12:59Z", "1990-01-01T00:00:00%2B02:00"])
async def test_before_the_first_observation_there_is_no_match(gateway: Gateway, at: str) -> None:
    await observe(gateway, 1)
    answer = await gateway.get(f"{DYNAMIC}?at={at}")

    assert (answer.status_code, answer.json()["code"]) == (404, "no_match")


@pytest.mark.parametrize("query", ["at=", "at=soon", "at=1700000000", f"{PAST}&{PAST}"])
async def test_a_time_that_is_none_is_refused(gateway: Gateway, query: str) -> None:
    answer = await gateway.get(f"{DYNAMIC}?{query}")

    assert (answer.status_code, answer.json()["parameter"]) == (400, "at")


async def test_hits_are_no_observations(gateway: Gateway) -> None:
    for _ in range(3):
        await gateway.get(DYNAMIC)
    await written(gateway)

    assert (await gateway.get(TRENDLINE)).json()["observations"] == 1


async def test_a_database_that_fails_loses_no_answer(gateway: Gateway) -> None:
    async with gateway.container.durable_engine().begin() as connection:
        await connection.exec_driver_sql("DROP TABLE vehicle_observations")
    answers = [await gateway.get(target) for target in (DYNAMIC, STATIC, WARRANTY)]
    await written(gateway)

    assert [answer.status_code for answer in answers] == [200] * 3
    assert 'plg_cache_failures_total{tier="observations"} 1.0' in await gateway.metrics()
    assert (await gateway.get(TRENDLINE)).status_code == 503
    assert (await gateway.get(f"{DYNAMIC}?{PAST}")).status_code == 503
