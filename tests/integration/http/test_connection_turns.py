"""Who answers, and in which order, on one connection."""

from tests.fakes.entries import ANA
from tests.integration.http.conftest import Serve
from tests.integration.http.wire import request


async def test_a_hit_is_answered_on_a_socket(serve: Serve) -> None:
    listener = await serve()
    await listener.gateway.remember(ANA)
    peer = await listener.connect()

    answer = await peer.ask(request())

    assert answer.status == 200
    assert answer.field(b"cache-status") == b"plg; hit; ttl=100"
