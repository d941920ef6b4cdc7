"""One call by which an operator learns whether the source can be used."""

import pytest

from plg.adapters.upstream.client import SourceClient
from plg.adapters.upstream.probe import HttpPlayerProbe, HttpVehicleProbe
from plg.domain.errors import SourceBroken, SourceFailed
from tests.fakes.clock import StoppedClock
from tests.integration.upstream.sources import FixedSource, lookup_of


def probe_of(transport: FixedSource) -> HttpPlayerProbe:
    client = SourceClient(transport, "http://source.test", headers={}, attempt_seconds=5)
    return HttpPlayerProbe(client, StoppedClock(), lookup_of("players"))


async def test_a_source_that_has_no_match_can_be_used() -> None:
    probe = await probe_of(FixedSource(b"[]")).probe()

    assert (probe.status, probe.knows_every_key, probe.clock_offset) == (200, False, None)


async def test_it_asks_once_for_a_player_that_cannot_exist() -> None:
    transport = FixedSource(b"[]")
    await probe_of(transport).probe()
    (request,) = transport.requests

    assert request.url.params["killer_bi_id"].startswith("plg-doctor-")


@pytest.mark.parametrize(
    ("date", "offset"),
    [
        ("Tue, 14 Nov 2023 22:14:20 GMT", 60),
        ("Tue, 14 Nov 2023 22:12:20 GMT", -60),
        ("yesterday", None),
    ],
)
async def test_it_compares_the_clocks(date: str, offset: float | None) -> None:
    probe = await probe_of(FixedSource(b"[]", headers={"Date": date})).probe()

    assert probe.clock_offset == offset


async def test_a_source_that_refuses_is_said() -> None:
    with pytest.raises(SourceFailed):
        await probe_of(FixedSource(status=401)).probe()


async def test_a_source_that_breaks_the_contract_is_said() -> None:
    with pytest.raises(SourceBroken):
        await probe_of(FixedSource(b"hello")).probe()


async def test_it_asks_once_for_a_vehicle_that_cannot_exist() -> None:
    transport = FixedSource(status=404)
    client = SourceClient(transport, "http://source.test", headers={}, attempt_seconds=5)
    probe = await HttpVehicleProbe(client, StoppedClock(), lookup_of("vehicle_static")).probe()
    (request,) = transport.requests

    assert (probe.status, probe.knows_every_key) == (404, False)
    assert request.url.path.startswith("/vehicles/PLG")
    assert request.url.path.endswith("00/static")


async def test_a_vehicle_under_a_vin_that_was_made_up_is_noticed() -> None:
    client = SourceClient(FixedSource(b"{}"), "http://source.test", headers={}, attempt_seconds=5)

    assert (
        await HttpVehicleProbe(client, StoppedClock(), lookup_of("vehicle_static")).probe()
    ).knows_every_key
