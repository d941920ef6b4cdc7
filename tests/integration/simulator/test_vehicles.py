"""The simulator keeps the contract of a source of vehicles."""

import httpx
import pytest

from plg.entrypoints.simulator.app import Simulator, SimulatorConfig, create_simulator
from tests.fakes.clock import StoppedClock

VIN = "WVWZZZE1ZMP000001"
PARTS = pytest.mark.parametrize("part", ["static", "dynamic"])


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock()


@pytest.fixture
def simulator(clock: StoppedClock) -> Simulator:
    return create_simulator(SimulatorConfig(seed=7), now=clock.now)


async def look_up(client: httpx.AsyncClient, part: str, vin: str = VIN) -> httpx.Response:
    return await client.get(f"/vehicles/{vin}/{part}")


@PARTS
async def test_a_vehicle_is_one_object(client: httpx.AsyncClient, part: str) -> None:
    response = await look_up(client, part)

    assert (response.status_code, response.json()["vin"]) == (200, VIN)


@PARTS
async def test_an_unknown_vehicle_is_404(client: httpx.AsyncClient, part: str) -> None:
    assert (await look_up(client, part, "WVWZZZE1ZMP000100")).status_code == 404


@PARTS
async def test_a_vehicle_that_is_gone_is_404(
    client: httpx.AsyncClient, simulator: Simulator, part: str
) -> None:
    simulator.control(gone=[VIN])

    assert (await look_up(client, part)).status_code == 404


@PARTS
async def test_a_client_that_has_the_record_gets_304(client: httpx.AsyncClient, part: str) -> None:
    etag = (await look_up(client, part)).headers["etag"]
    again = await client.get(f"/vehicles/{VIN}/{part}", headers={"If-None-Match": etag})

    assert (again.status_code, again.content) == (304, b"")


async def test_dynamic_data_is_that_of_the_last_report(
    client: httpx.AsyncClient, clock: StoppedClock
) -> None:
    first = await look_up(client, "dynamic")
    clock.advance(39)
    same = await look_up(client, "dynamic")
    clock.advance(1)
    later = await look_up(client, "dynamic")

    assert first.json()["timestamp"] == "2023-11-14T22:13:00Z"
    assert same.content == first.content
    assert later.json()["timestamp"] == "2023-11-14T22:14:00Z"


async def test_static_data_does_not_move(client: httpx.AsyncClient, clock: StoppedClock) -> None:
    first = await look_up(client, "static")
    clock.advance(86_400)

    assert (await look_up(client, "static")).content == first.content


async def test_a_new_version_changes_the_body(
    client: httpx.AsyncClient, simulator: Simulator
) -> None:
    before = await look_up(client, "static")
    simulator.control(version=2)

    assert (await look_up(client, "static")).content != before.content


async def test_records_are_counted_apart(client: httpx.AsyncClient, simulator: Simulator) -> None:
    for part in ("static", "dynamic", "dynamic"):
        await look_up(client, part)

    assert simulator.stats.by_key == {f"{VIN}/static": 1, f"{VIN}/dynamic": 2}


async def test_another_method_than_get_is_refused(client: httpx.AsyncClient) -> None:
    response = await client.post(f"/vehicles/{VIN}/static")

    assert (response.status_code, response.headers["allow"]) == (405, "GET")


@pytest.mark.parametrize(
    "path", [f"/vehicles/{VIN}", f"/vehicles/{VIN}/other", f"/vehicles/{VIN}/static/", "/vehicles/"]
)
async def test_an_unknown_path_is_not_found(client: httpx.AsyncClient, path: str) -> None:
    assert (await client.get(path)).status_code == 404


async def test_garbage_is_about_the_vehicle_that_was_asked_for(
    client: httpx.AsyncClient, simulator: Simulator
) -> None:
    simulator.control(garbage_ratio=1, garbage_kind="deep_nesting")
    body = (await look_up(client, "static")).content

    assert body.startswith(b'{"vin":"' + VIN.encode())
    assert body.endswith(b"]}")
