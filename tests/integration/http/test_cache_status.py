"""`Cache-Status` says how an answer came about (RFC 9211): each form of the contract."""

import pytest

from tests.integration.http.conftest import OpenGateway
from tests.integration.http.gateway import Gateway


async def status(gateway: Gateway) -> str:
    answer = await gateway.get()
    assert answer.status_code == 200
    header: str = answer.headers["cache-status"]
    return header


async def test_a_hit(gateway: Gateway) -> None:
    await gateway.get()
    gateway.clock.advance(24)

    assert await status(gateway) == "plg; hit; ttl=76"


async def test_a_miss(gateway: Gateway) -> None:
    assert await status(gateway) == "plg; fwd=uri-miss; fwd-status=200; stored; ttl=100"


async def test_a_revalidation(gateway: Gateway) -> None:
    await gateway.get()
    gateway.clock.advance(111)

    assert await status(gateway) == "plg; fwd=stale; fwd-status=304; stored; ttl=100"


async def test_new_content_for_a_stale_entry(gateway: Gateway) -> None:
    await gateway.get()
    gateway.clock.advance(111)
    gateway.simulator.control(version=2)

    assert await status(gateway) == "plg; fwd=stale; fwd-status=200; stored; ttl=100"


async def test_stale_while_revalidate(gateway: Gateway) -> None:
    await gateway.get()
    gateway.clock.advance(109)

    assert await status(gateway) == "plg; hit; ttl=-9; detail=stale-while-revalidate"
    await gateway.container.players().drain()
    assert await status(gateway) == "plg; hit; ttl=100"


@pytest.mark.parametrize(
    ("age", "left"), [(99.9, "1"), (100, "-1"), (100.01, "-1"), (101, "-1"), (101.5, "-2")]
)
async def test_what_is_stale_has_less_than_nothing_left(
    gateway: Gateway, age: float, left: str
) -> None:
    await gateway.get()
    gateway.clock.advance(age)

    assert (await status(gateway)).partition("ttl=")[2].partition(";")[0] == left


async def test_stale_if_error_when_the_source_was_asked(gateway: Gateway) -> None:
    await gateway.get()
    gateway.clock.advance(400)
    gateway.simulator.control(error_ratio=1, error_status=503)

    assert await status(gateway) == "plg; fwd=stale; fwd-status=503; detail=stale-if-error"


async def test_stale_if_error_when_there_was_no_status(gateway: Gateway) -> None:
    await gateway.get()
    gateway.clock.advance(400)
    gateway.simulator.control(disconnect_ratio=1)

    assert await status(gateway) == "plg; fwd=stale; detail=stale-if-error"


async def test_stale_if_error_when_the_breaker_is_open(open_: OpenGateway) -> None:
    gateway = await open_(BREAKER_FAILURES_MAX="1")
    await gateway.get()
    gateway.clock.advance(400)
    gateway.simulator.control(error_ratio=1, error_status=503)
    await gateway.get()

    assert await status(gateway) == "plg; hit; ttl=-300; detail=stale-if-error"
    assert gateway.simulator.stats.calls == 2
