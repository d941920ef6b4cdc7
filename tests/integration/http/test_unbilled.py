"""Answers that nobody pays for are counted, on either way."""

from plg.domain.plans.plans import Metered
from tests.integration.http.conftest import OpenGateway, Serve
from tests.integration.http.gateway import ANA_PATH, KEY, Gateway
from tests.integration.http.keyholders import ask, holder_in
from tests.integration.http.listening import Listener
from tests.integration.http.test_metering import (
    ANA,
    BEN_PATH,
    BOTH_LANES,
    GENEROUS,
    billed,
    limited_to,
    records,
)
from tests.integration.http.wire import request

Sums = dict[tuple[str, str, str], int]


async def sums(gateway: Gateway) -> Sums:
    """Write down what was counted, and return what is there."""
    counting = gateway.container.usage().count_free_usage
    await counting.write()
    show = gateway.container.usage().show_free_usage
    now = gateway.clock.now()
    found = [each async for each in show(None, now - 3600, now + 60)]
    return {(each.account_id, each.resource, each.metered): each.answers for each in found}


async def served(serve: Serve, lane: str) -> Listener:
    rate = "100000/minute"
    listener = await serve(None, FAST_LANE=lane, RATE_LIMIT_BURST=rate, RATE_LIMIT_SUSTAINED=rate)
    await listener.gateway.remember(ANA)
    return listener


@BOTH_LANES
async def test_hits_of_the_service_key_are_counted(serve: Serve, lane: str) -> None:
    listener = await served(serve, lane)
    peer = await listener.connect()
    for _ in range(3):
        assert (await peer.ask(request(ANA_PATH, key=KEY))).status == 200

    assert await sums(listener.gateway) == {("service", "players", "hit"): 3}
    assert records(listener.gateway) == []


@BOTH_LANES
async def test_what_was_not_modified_is_told_apart(serve: Serve, lane: str) -> None:
    listener = await served(serve, lane)
    entry = await listener.gateway.remember(ANA)
    peer = await listener.connect()
    for condition in (entry.etag.decode(), "*"):
        field = f"If-None-Match: {condition}"
        assert (await peer.ask(request(ANA_PATH, field, key=KEY))).status == 304

    assert await sums(listener.gateway) == {
        ("service", "players", "not_modified"): 1,
        ("service", "players", "hit"): 1,
    }


@BOTH_LANES
async def test_what_is_billed_is_not_counted_and_what_is_free_is(serve: Serve, lane: str) -> None:
    listener, holder = await billed(serve, lane)
    entry = await listener.gateway.remember(ANA)
    await limited_to(listener.gateway, holder, 2)
    peer = await listener.connect()
    free = f"If-None-Match: {entry.etag.decode()}"
    for fields in ((), (free,), (), ()):
        await peer.ask(request(ANA_PATH, *fields, key=holder.key))

    mine = holder.caller.account_id
    assert await sums(listener.gateway) == {
        (mine, "players", "not_modified"): 1,
        (mine, "players", "refused"): 1,
    }
    assert len(records(listener.gateway)) == 2


async def test_misses_no_match_and_failures_of_the_service_key_are_counted(
    open_: OpenGateway,
) -> None:
    gateway = await open_(**GENEROUS)
    assert (await gateway.get(ANA_PATH)).status_code == 200
    assert (await gateway.get("/api/v1/players/NOBODY")).status_code == 404
    gateway.simulator.control(error_ratio=1, error_status=503)
    assert (await gateway.get(BEN_PATH)).status_code == 502

    assert await sums(gateway) == {
        ("service", "players", "miss"): 1,
        ("service", "players", "not_found"): 1,
        ("service", "players", "failed"): 1,
    }


async def test_no_match_and_failures_of_who_pays_are_counted(open_: OpenGateway) -> None:
    gateway = await open_(**GENEROUS)
    holder = await holder_in(gateway, "ana")
    await ask(gateway, holder.key, "/api/v1/players/NOBODY")
    gateway.simulator.control(error_ratio=1, error_status=503)
    await ask(gateway, holder.key)
    await gateway.settle()

    mine = holder.caller.account_id
    assert await sums(gateway) == {
        (mine, "players", Metered.NOT_FOUND): 1,
        (mine, "players", "failed"): 1,
    }
