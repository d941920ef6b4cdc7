"""A gateway that serves only vehicles, or whose source knows only players."""

from dataclasses import replace

import pytest

from tests.fakes.vehicles import IDA
from tests.integration.http.conftest import OpenGateway
from tests.integration.http.gateway import ANA_PATH, SOURCE_HOST, Gateway

STATIC = f"/api/v1/vehicle/static/{IDA.value}"
WARRANTY = f"/api/v1/vehicle/warranty/{IDA.value}"
BOTH_WAYS = pytest.mark.parametrize("target", [ANA_PATH, "/api/?killer_bi_id=KB-000001"])


@pytest.fixture
async def gateway(open_: OpenGateway) -> Gateway:
    return await open_(
        EXTERNAL_API_BASE_URL="", VEHICLE_API_BASE_URL=f"http://{SOURCE_HOST}/hidden"
    )


async def test_vehicles_are_served(gateway: Gateway) -> None:
    answers = [await gateway.get(target) for target in (STATIC, WARRANTY)]

    assert [answer.status_code for answer in answers] == [200, 200]


@BOTH_WAYS
async def test_who_asks_for_a_player_is_told_that_none_are_served(
    gateway: Gateway, target: str
) -> None:
    answer = await gateway.get(target)
    told = answer.json()

    assert (answer.status_code, told["code"]) == (404, "no_source")
    assert told["detail"] == "This gateway serves no players."


@BOTH_WAYS
async def test_it_is_told_to_nobody_without_a_credential(gateway: Gateway, target: str) -> None:
    async with gateway.client(headers={}) as client:
        assert (await client.get(target)).status_code == 401


async def test_no_source_is_called_and_none_is_taken_to_be_down(gateway: Gateway) -> None:
    for _ in range(10):
        await gateway.get(ANA_PATH)

    assert gateway.simulator.stats.calls == 0
    assert (await gateway.get("/health")).json()["checks"]["source"] == {"status": "ok"}


async def test_health_speaks_of_the_source_that_there_is(gateway: Gateway) -> None:
    gateway.simulator.faults = replace(gateway.simulator.faults, error_ratio=1.0)
    for number in range(10):
        await gateway.get(f"/api/v1/vehicle/static/WVWZZZE1ZMP0000{number + 11}")

    told = (await gateway.get("/health")).json()["checks"]["source"]
    assert told == {"status": "degraded", "detail": "the breaker is open"}


async def test_the_document_does_not_speak_of_what_is_not_served(gateway: Gateway) -> None:
    paths = (await gateway.get("/openapi.json")).json()["paths"]

    assert not {path for path in paths if "killer_bi_id" in path or path == "/api/"}
    assert "/api/v1/vehicle/static/{vin}" in paths


async def test_without_any_source_vehicles_are_not_served_either(open_: OpenGateway) -> None:
    gateway = await open_(EXTERNAL_API_BASE_URL="")
    told = (await gateway.get(STATIC)).json()

    assert (told["code"], told["detail"]) == ("no_source", "This gateway serves no vehicles.")
