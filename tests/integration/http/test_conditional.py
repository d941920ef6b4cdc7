"""Requests with conditions, and requests that tell the cache what to do."""

import pytest

from plg.domain.identity.access import Caller, Scope
from tests.fakes.identify import IdentifyAs
from tests.integration.http.conftest import OpenGateway
from tests.integration.http.gateway import Gateway


@pytest.mark.parametrize(
    "form", ["{}", "W/{}", '"a", {}', '"a" ,W/{},"b"', "*", '"a,b", {}', " {} "]
)
async def test_a_client_that_has_it_already_gets_a_304(gateway: Gateway, form: str) -> None:
    first = await gateway.get()

    answer = await gateway.get(if_none_match=form.format(first.headers["etag"]))

    assert answer.status_code == 304
    assert answer.content == b""
    assert "content-length" not in answer.headers
    assert "content-type" not in answer.headers
    for name in ("etag", "cache-control", "vary"):
        assert answer.headers[name] == first.headers[name]
    assert answer.headers["cache-status"] == "plg; hit; ttl=100"


@pytest.mark.parametrize("form", ['"other"', "{}x", "unquoted", "", '"', "W/", "**", '"a", "b"'])
async def test_a_client_that_has_something_else_gets_the_record(
    gateway: Gateway, form: str
) -> None:
    etag = (await gateway.get()).headers["etag"]

    answer = await gateway.get(if_none_match=form.format(etag.strip('"')))

    assert answer.status_code == 200


async def test_a_condition_holds_on_a_miss_too(gateway: Gateway) -> None:
    assert (await gateway.get(if_none_match="*")).status_code == 304
    assert gateway.simulator.stats.calls == 1


async def test_a_condition_does_not_make_a_404_a_304(gateway: Gateway) -> None:
    answer = await gateway.get("/api/v1/players/KB-999999", if_none_match="*")

    assert answer.status_code == 404


async def test_a_head_request_may_be_conditional(gateway: Gateway) -> None:
    await gateway.get()

    answer = await gateway.request("HEAD", "/api/v1/players/KB-000001", if_none_match="*")

    assert answer.status_code == 304


async def test_only_if_cached_does_not_ask_the_source(gateway: Gateway) -> None:
    answer = await gateway.get(cache_control="only-if-cached")

    assert answer.status_code == 504
    assert answer.json()["code"] == "not_cached"
    assert not gateway.simulator.stats.calls


async def test_only_if_cached_is_content_with_what_is_cached(gateway: Gateway) -> None:
    await gateway.get()

    answer = await gateway.get(cache_control="only-if-cached")

    assert answer.headers["cache-status"] == "plg; hit; ttl=100"


@pytest.mark.parametrize(
    "directive",
    ["no-cache", "NO-CACHE", "max-age=0", 'max-age="0"', "min-fresh=200", "a, no-cache"],
)
async def test_whoever_may_refresh_makes_a_fresh_entry_unusable(
    gateway: Gateway, directive: str
) -> None:
    await gateway.get()
    gateway.clock.advance(1)

    answer = await gateway.get(cache_control=directive)

    assert answer.headers["cache-status"] == "plg; fwd=request; fwd-status=304; stored; ttl=100"
    assert gateway.simulator.stats.calls == 2


@pytest.mark.parametrize(
    "directive",
    ["max-age=50", "min-fresh=50", "max-age", "max-age=x", "max-age=-1", "", ",,", "no-store",
     "max-age=99999999999999999999", "nonsense=;;", "max-stale=5"],
)  # fmt: skip
async def test_a_directive_that_a_fresh_entry_meets_or_nobody_knows_changes_nothing(
    gateway: Gateway, directive: str
) -> None:
    await gateway.get()
    gateway.clock.advance(10)

    answer = await gateway.get(cache_control=directive)

    assert answer.headers["cache-status"] == "plg; hit; ttl=90"


async def test_nobody_else_can_turn_the_cache_off(open_: OpenGateway) -> None:
    gateway = await open_(IdentifyAs(Caller("plain", frozenset({Scope.PLAYERS_READ}))))
    await gateway.get()

    for directive in ("no-cache", "max-age=0", "min-fresh=1000"):
        answer = await gateway.get(cache_control=directive)
        assert answer.headers["cache-status"] == "plg; hit; ttl=100"
    assert gateway.simulator.stats.calls == 1


async def test_max_stale_takes_what_is_stale_within_the_bound(gateway: Gateway) -> None:
    await gateway.get()
    gateway.clock.advance(600)

    answer = await gateway.get(cache_control="only-if-cached, max-stale=500")

    assert answer.headers["cache-status"] == "plg; hit; ttl=-500; detail=stale-while-revalidate"
    assert answer.headers["age"] == "600"


@pytest.mark.parametrize("directive", ["max-stale", "max-stale=999999"])
async def test_max_stale_never_reaches_past_the_operators_bound(
    gateway: Gateway, directive: str
) -> None:
    await gateway.get()
    gateway.clock.advance(1101)

    answer = await gateway.get(cache_control=f"only-if-cached, {directive}")

    assert answer.status_code == 504
