"""Vehicles, as a client gets them."""

import pytest

from plg.domain.identity.access import Caller, Scope
from tests.fakes.identify import IdentifyAs
from tests.fakes.vehicles import IDA
from tests.integration.http.conftest import OpenGateway
from tests.integration.http.gateway import Gateway
from tests.integration.http.vehicle_paths import (
    ALL,
    DYNAMIC,
    RECORDS,
    STATIC,
    TTLS,
    WARRANTY,
)


@pytest.fixture
async def gateway(open_: OpenGateway) -> Gateway:
    return await open_(**TTLS)


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


@pytest.mark.parametrize("target", [WARRANTY, STATIC])
async def test_only_if_cached_is_obeyed(gateway: Gateway, target: str) -> None:
    answer = await gateway.get(target, cache_control="only-if-cached")

    assert (answer.status_code, answer.json()["code"]) == (504, "not_cached")


@ALL
async def test_the_scope_of_vehicles_is_demanded(open_: OpenGateway, target: str) -> None:
    caller = Caller("somebody", frozenset({Scope.PLAYERS_READ}), is_limited=False)
    gateway = await open_(IdentifyAs(caller))
    answer = await gateway.get(target)

    assert (answer.status_code, answer.json()["scope"]) == (403, "vehicles:read")
    assert gateway.simulator.stats.calls == 0
