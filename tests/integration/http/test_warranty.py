"""What is left of a warranty."""

import pytest

from tests.fakes.vehicles import IDA, static_document
from tests.integration.http.conftest import OpenGateway
from tests.integration.http.gateway import Gateway
from tests.integration.http.vehicle_paths import (
    DYNAMIC,
    STATIC,
    TTLS,
    WARRANTY,
)


@pytest.fixture
async def gateway(open_: OpenGateway) -> Gateway:
    return await open_(**TTLS)


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
