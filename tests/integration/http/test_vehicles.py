"""Vehicles, as a client gets them."""

import json

import pytest

from plg.domain.access import Caller, Scope
from tests.fakes.identify import IdentifyAs
from tests.fakes.vehicles import IDA, static_document
from tests.integration.http.conftest import OpenGateway
from tests.integration.http.gateway import Gateway

STATIC = f"/api/v1/vehicle/static/{IDA.value}"
DYNAMIC = f"/api/v1/vehicle/dynamic/{IDA.value}"
WARRANTY = f"/api/v1/vehicle/warranty/{IDA.value}"
TRENDLINE = f"/api/v1/vehicle/trendline/{IDA.value}"
RECORDS = pytest.mark.parametrize("target", [STATIC, DYNAMIC])
ALL = pytest.mark.parametrize("target", [STATIC, DYNAMIC, WARRANTY, TRENDLINE])
PAST = "at=2023-11-14T22:13:30Z"


@pytest.fixture
async def gateway(open_: OpenGateway) -> Gateway:
    return await open_(VEHICLE_STATIC_TTL_SECONDS="1000", VEHICLE_DYNAMIC_TTL_SECONDS="50")


async def written(gateway: Gateway) -> None:
    await gateway.container.vehicles.observation_log().drain()


@RECORDS
async def test_a_record_has_the_contracts_members_first(gateway: Gateway, target: str) -> None:
    body = (await gateway.get(target)).json()

    expected = ["vin", "make_name"] if target == STATIC else ["vin", "timestamp"]
    assert (list(body)[:2], body["vin"]) == (expected, IDA.value)
    assert body["record_version"] == 1


@pytest.mark.parametrize(
    "vin",
    [
        IDA.value + "/",
        IDA.value.lower(),
        IDA.value + "?unknown=1",
        f"%20{IDA.value}",
        "%57" + IDA.value[1:],
    ],
)
@pytest.mark.parametrize("part", ["static", "dynamic", "warranty", "trendline"])
async def test_a_vehicle_is_found_under_each_form_of_its_vin(
    gateway: Gateway, part: str, vin: str
) -> None:
    answer = await gateway.get(f"/api/v1/vehicle/{part}/{vin}")

    assert (answer.status_code, answer.json()["vin"]) == (200, IDA.value)


@RECORDS
async def test_a_record_says_all_about_its_freshness(gateway: Gateway, target: str) -> None:
    first = await gateway.get(target)
    gateway.clock.advance(24.6)
    headers = (await gateway.get(target)).headers
    ttl = 1000 if target == STATIC else 50

    assert headers["etag"] == first.headers["etag"]
    assert headers["age"] == "24"
    assert headers["cache-control"] == (
        f"private, max-age={ttl}, stale-while-revalidate=10, stale-if-error=1000"
    )
    assert headers["cache-status"] == f"plg; hit; ttl={ttl - 24}"


@ALL
async def test_a_client_that_has_it_gets_304(gateway: Gateway, target: str) -> None:
    etag = (await gateway.get(target)).headers["etag"]
    again = await gateway.get(target, if_none_match=etag)

    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", etag)


@ALL
async def test_a_head_has_no_body(gateway: Gateway, target: str) -> None:
    answer = await gateway.request("HEAD", target)

    assert (answer.status_code, answer.content) == (200, b"")


@RECORDS
async def test_the_source_is_asked_once(gateway: Gateway, target: str) -> None:
    answers = await gateway.together(*(gateway.get(target) for _ in range(20)))

    assert {answer.status_code for answer in answers} == {200}
    assert gateway.simulator.stats.calls == 1


async def test_both_records_are_cached_apart(gateway: Gateway) -> None:
    bodies = [(await gateway.get(target)).content for target in (STATIC, DYNAMIC)]

    assert bodies[0] != bodies[1]
    assert gateway.simulator.stats.calls == 2


@pytest.mark.parametrize("part", ["static", "dynamic", "warranty"])
async def test_an_unknown_vehicle_is_no_match(gateway: Gateway, part: str) -> None:
    answer = await gateway.get(f"/api/v1/vehicle/{part}/WVWZZZE1ZMP000100")

    assert (answer.status_code, answer.json()["code"]) == (404, "no_match")


@pytest.mark.parametrize("vin", ["short", "WVWZZZE1ZMP00000O", "A" * 26, "WVW%2FZZE1ZMP000001"])
@pytest.mark.parametrize("part", ["static", "dynamic", "warranty", "trendline"])
async def test_what_can_be_no_vin_is_refused(gateway: Gateway, part: str, vin: str) -> None:
    answer = await gateway.get(f"/api/v1/vehicle/{part}/{vin}")

    assert (answer.status_code, answer.json()["parameter"]) == (400, "vin")
    assert gateway.simulator.stats.calls == 0


@pytest.mark.parametrize("target", [STATIC, DYNAMIC, WARRANTY])
async def test_a_stale_record_outlives_a_source_that_fails(gateway: Gateway, target: str) -> None:
    first = await gateway.get(target)
    gateway.simulator.control(error_ratio=1, error_status=503)
    gateway.clock.advance(1040)
    answer = await gateway.get(target)

    assert (answer.status_code, answer.content) == (200, first.content)
    assert answer.headers["cache-status"].endswith("detail=stale-if-error")


@pytest.mark.parametrize("target", [STATIC, DYNAMIC, WARRANTY])
async def test_without_a_record_a_source_that_fails_is_a_problem(
    gateway: Gateway, target: str
) -> None:
    gateway.simulator.control(error_ratio=1, error_status=503)
    answer = await gateway.get(target)

    assert (answer.status_code, answer.json()["code"]) == (502, "source_failed")


async def test_the_breaker_of_vehicles_is_their_own(gateway: Gateway) -> None:
    gateway.simulator.control(error_ratio=1, error_status=503)
    for _ in range(6):
        refused = await gateway.get(STATIC)
    gateway.simulator.control(error_ratio=0)

    assert refused.json()["code"] == "source_unavailable"
    assert (await gateway.get()).status_code == 200
    assert (await gateway.get("/health")).json()["checks"]["source"] == {
        "status": "degraded",
        "detail": "the breaker of vehicles is open",
    }
    assert 'plg_vehicle_source_breaker{state="open"} 1.0' in await gateway.metrics()


async def test_the_key_of_one_source_does_not_go_to_another(open_: OpenGateway) -> None:
    base = {"EXTERNAL_API_HEADERS": '{"X-Key": "players"}'}
    alike = await open_(**base)
    apart = await open_(
        **base,
        VEHICLE_API_BASE_URL="http://source-host.internal.test/hidden",
        VEHICLE_API_HEADERS='{"X-Vehicle-Key": "vehicles"}',
    )
    for gateway in (alike, apart):
        await gateway.get(STATIC)

    assert alike.source.headers["x-key"] == "players"
    assert "x-key" not in apart.source.headers
    assert apart.source.headers["x-vehicle-key"] == "vehicles"


async def test_a_warranty_is_made_of_both_records(gateway: Gateway) -> None:
    static = (await gateway.get(STATIC)).json()
    dynamic = (await gateway.get(DYNAMIC)).json()
    body = (await gateway.get(WARRANTY)).json()

    assert list(body) == ["vin", "end_date", "years_left", "km_left"]
    assert body["end_date"] == static["warranty_date"]
    assert body["km_left"] == pytest.approx(static["warranty_km"] - dynamic["odometer"])


async def test_a_warranty_is_exact_to_the_last_digit(gateway: Gateway) -> None:
    gateway.source.fixed = {
        f"/vehicles/{IDA.value}/static": (
            200,
            static_document(start_date='"2022-03-14"', warranty_date="8", warranty_km="160000"),
        ),
        f"/vehicles/{IDA.value}/dynamic": (200, static_document(odometer="45231.70")),
    }

    assert (await gateway.get(WARRANTY)).content == (
        b'{"vin":"WVWZZZE1ZMP000001","end_date":"2030-03-14","years_left":6.33,"km_left":114768.30}'
    )


async def test_without_dynamic_data_kilometres_are_unknown(gateway: Gateway) -> None:
    gateway.source.fixed = {f"/vehicles/{IDA.value}/dynamic": (404, b"")}
    answer = await gateway.get(WARRANTY)

    assert answer.json()["km_left"] is None
    assert answer.json()["end_date"] is not None
    assert answer.headers["cache-control"].startswith("private, max-age=1000,")


async def test_a_warranty_is_as_fresh_as_what_it_rests_on(gateway: Gateway) -> None:
    await gateway.get(STATIC)
    gateway.clock.advance(30)
    missed = await gateway.get(WARRANTY)
    gateway.clock.advance(10)
    hit = await gateway.get(WARRANTY)

    assert missed.headers["cache-status"] == "plg; fwd=uri-miss; fwd-status=200; stored; ttl=50"
    assert (hit.headers["age"], hit.headers["cache-status"]) == ("10", "plg; hit; ttl=40")


@pytest.mark.parametrize("target", [WARRANTY, STATIC])
async def test_only_if_cached_is_obeyed(gateway: Gateway, target: str) -> None:
    answer = await gateway.get(target, cache_control="only-if-cached")

    assert (answer.status_code, answer.json()["code"]) == (504, "not_cached")


async def observe(gateway: Gateway, count: int) -> list[bytes]:
    """Ask for dynamic data once a minute; return the bodies."""
    bodies = []
    for _ in range(count):
        bodies.append((await gateway.get(DYNAMIC)).content)
        gateway.clock.advance(61)
    await written(gateway)
    return bodies


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


@ALL
async def test_the_scope_of_vehicles_is_demanded(open_: OpenGateway, target: str) -> None:
    caller = Caller("somebody", frozenset({Scope.PLAYERS_READ}), is_limited=False)
    gateway = await open_(IdentifyAs(caller))
    answer = await gateway.get(target)

    assert (answer.status_code, answer.json()["scope"]) == (403, "vehicles:read")
    assert gateway.simulator.stats.calls == 0
