"""What is found in memory counts once, by whichever way it is answered."""

import pytest

from tests.integration.http.conftest import Serve
from tests.integration.http.gateway import KEY
from tests.integration.http.listening import Listener
from tests.integration.http.test_metering import BOTH_LANES, billed
from tests.integration.http.wire import request


def hits(listener: Listener) -> float:
    registry = listener.gateway.container.registry()
    return registry.get_sample_value("plg_cache_memory_hits_total") or 0.0


@BOTH_LANES
@pytest.mark.parametrize("is_billed", [True, False])
@pytest.mark.parametrize("seconds", [0, 105], ids=["fresh", "stale"])
async def test_each_counts_once(serve: Serve, lane: str, is_billed: bool, seconds: float) -> None:
    listener, holder = await billed(serve, lane)
    peer = await listener.connect()
    key = holder.key if is_billed else KEY
    await peer.ask(request(key=key))
    listener.gateway.clock.advance(seconds)
    before = hits(listener)
    answer = await peer.ask(request(key=key))

    assert answer.status == 200
    assert b"plg; hit; " in (answer.field(b"cache-status") or b"")
    assert hits(listener) - before == 1


@BOTH_LANES
async def test_what_is_not_answered_from_memory_does_not_count(serve: Serve, lane: str) -> None:
    listener, _ = await billed(serve, lane)
    peer = await listener.connect()
    await peer.ask(request("/api/v1/players/KB-000002"))
    await peer.ask(request(key=None))

    assert hits(listener) == 0
