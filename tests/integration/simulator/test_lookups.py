"""The simulator keeps the contract of a source."""

import httpx
import pytest

from plg.entrypoints.simulator.app import Simulator, SimulatorConfig, create_simulator
from plg.entrypoints.simulator.faults import Faults

ANA = "KB-000001"


async def look_up(client: httpx.AsyncClient, key: str = ANA, **headers: str) -> httpx.Response:
    return await client.get(
        "/players",
        params={"killer_bi_id": key},
        headers={name.replace("_", "-"): value for name, value in headers.items()},
    )


async def test_a_known_player_is_a_list_of_its_record(client: httpx.AsyncClient) -> None:
    response = await look_up(client)

    assert [player["killer_bi_id"] for player in response.json()] == [ANA]


async def test_an_unknown_player_is_an_empty_list(client: httpx.AsyncClient) -> None:
    assert (await look_up(client, "KB-001001")).content == b"[]"


async def test_the_last_player_is_known(client: httpx.AsyncClient) -> None:
    assert len((await look_up(client, "KB-001000")).json()) == 1


async def test_the_body_of_a_player_is_stable(client: httpx.AsyncClient) -> None:
    assert (await look_up(client)).content == (await look_up(client)).content


async def test_another_simulator_of_the_same_seed_gives_the_same_body(
    client: httpx.AsyncClient,
) -> None:
    twin = httpx.ASGITransport(app=create_simulator(SimulatorConfig(seed=7)))
    async with httpx.AsyncClient(transport=twin, base_url="http://source.test") as other:
        assert (await look_up(other)).content == (await look_up(client)).content


async def test_an_escaped_id_is_decoded(client: httpx.AsyncClient) -> None:
    response = await client.get("/players?page=1&killer_bi_id=KB%2D000001")

    assert len(response.json()) == 1


async def test_a_new_version_changes_the_body(
    client: httpx.AsyncClient, simulator: Simulator
) -> None:
    before = await look_up(client)
    simulator.control(version=2)

    assert (await look_up(client)).content != before.content


async def test_a_player_that_is_gone_no_longer_matches(
    client: httpx.AsyncClient, simulator: Simulator
) -> None:
    simulator.control(gone=[ANA])

    assert (await look_up(client)).json() == []


async def test_players_can_be_added_while_it_runs(
    client: httpx.AsyncClient, simulator: Simulator
) -> None:
    simulator.control(players=5000)

    assert len((await look_up(client, "KB-005000")).json()) == 1


async def test_a_client_that_has_the_record_gets_304(client: httpx.AsyncClient) -> None:
    etag = (await look_up(client)).headers["etag"]
    response = await look_up(client, if_none_match=f'"other", W/{etag}')

    assert (response.status_code, response.content, response.headers["etag"]) == (304, b"", etag)


async def test_any_tag_matches_a_star(client: httpx.AsyncClient) -> None:
    assert (await look_up(client, if_none_match="*")).status_code == 304


async def test_a_client_that_has_an_old_record_gets_the_new_one(
    client: httpx.AsyncClient, simulator: Simulator
) -> None:
    etag = (await look_up(client)).headers["etag"]
    simulator.control(version=2)

    assert (await look_up(client, if_none_match=etag)).status_code == 200


async def test_without_etags_nothing_is_revalidated(
    client: httpx.AsyncClient, simulator: Simulator
) -> None:
    simulator.control(etag=False)
    response = await look_up(client, if_none_match="*")

    assert (response.status_code, "etag" in response.headers) == (200, False)


async def test_a_lookup_without_an_id_is_refused(client: httpx.AsyncClient) -> None:
    assert (await client.get("/players")).status_code == 400


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "HEAD"])
async def test_another_method_than_get_is_refused(client: httpx.AsyncClient, method: str) -> None:
    response = await client.request(method, "/players")

    assert (response.status_code, response.headers["allow"]) == (405, "GET")


@pytest.mark.parametrize("path", ["/", "/players/", "/vehicles", "/_stats/"])
async def test_an_unknown_path_is_not_found(client: httpx.AsyncClient, path: str) -> None:
    assert (await client.get(path)).status_code == 404


async def test_faults_given_at_the_start_are_in_force() -> None:
    config = SimulatorConfig(faults=Faults(error_ratio=1.0, error_status=502))
    transport = httpx.ASGITransport(app=create_simulator(config))
    async with httpx.AsyncClient(transport=transport, base_url="http://source.test") as client:
        assert (await look_up(client)).status_code == 502


def test_faults_out_of_bounds_stop_the_start() -> None:
    with pytest.raises(ValueError, match="error_ratio"):
        create_simulator(SimulatorConfig(faults=Faults(error_ratio=2.0)))
