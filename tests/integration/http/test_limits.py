"""Limits over HTTP: what is counted, for whom, and what the answers tell."""

from typing import Any

import httpx
import pytest

from plg.domain.identity.access import Caller, Scope
from plg.domain.limits.rates import Rate, Rates
from plg.domain.records.players import KillerBiId
from tests.fakes.identify import IdentifyAs
from tests.integration.http.conftest import OpenGateway, Serve
from tests.integration.http.gateway import ANA_PATH, KEY, Gateway
from tests.integration.http.wire import request

READER = Caller("key:reader", frozenset({Scope.PLAYERS_READ}), account_id="01A")
BOTH_LANES = pytest.mark.parametrize("lane", ["on", "off"])


async def ask(
    gateway: Gateway, *, peer: str = "192.0.2.1", path: str = ANA_PATH, **headers: str
) -> httpx.Response:
    """Ask from the address, with no credential but one that is given."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    async with gateway.client(peer=peer, headers={}) as client:
        return await client.get(path, headers=named)


async def statuses(count: int, gateway: Gateway, **how: str) -> list[int]:
    return [(await ask(gateway, **how)).status_code for _ in range(count)]


async def test_answers_tell_a_limited_caller_what_is_left(open_: OpenGateway) -> None:
    gateway = await open_(IdentifyAs(READER))

    answer = await ask(gateway, x_api_key="any")

    assert answer.headers["ratelimit-policy"] == ('"burst";q=60;w=60, "sustained";q=1000;w=3600')
    assert answer.headers["ratelimit"] == '"burst";r=59;t=1, "sustained";r=999;t=4'


@pytest.mark.parametrize(
    ("path", "status"), [(ANA_PATH, 200), ("/api/v1/players/NOBODY", 404), ("/api/", 400)]
)
async def test_whatever_the_answer_it_tells_what_is_left(
    open_: OpenGateway, path: str, status: int
) -> None:
    gateway = await open_(IdentifyAs(READER))

    answer = await ask(gateway, path=path, x_api_key="any")

    assert answer.status_code == status
    assert answer.headers["ratelimit"] == '"burst";r=59;t=1, "sustained";r=999;t=4'


async def test_the_service_key_has_no_limits(open_: OpenGateway) -> None:
    gateway = await open_(RATE_LIMIT_BURST="1/minute", RATE_LIMIT_SUSTAINED="1/hour")

    assert await statuses(5, gateway, x_api_key=KEY) == [200] * 5
    assert "ratelimit" not in (await ask(gateway, x_api_key=KEY)).headers


async def test_a_spent_rate_is_a_429_that_says_what_to_do(open_: OpenGateway) -> None:
    gateway = await open_(
        IdentifyAs(READER), RATE_LIMIT_BURST="2/minute", RATE_LIMIT_SUSTAINED="2/hour"
    )

    assert await statuses(2, gateway, x_api_key="any") == [200, 200]
    refused = await ask(gateway, x_api_key="any")

    assert refused.status_code == 429
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.headers["retry-after"] == "1801"  # half an hour, and the margin rounded up
    assert refused.headers["ratelimit"] == '"burst";r=0;t=60, "sustained";r=0;t=3600'
    assert refused.json() == {
        "type": "https://iana.org/assignments/http-problem-types#quota-exceeded",
        "title": "Too many requests",
        "status": 429,
        "detail": "More requests than allowed: burst 2/minute, sustained 2/hour.",
        "code": "rate_exceeded",
        "request_id": refused.headers["x-request-id"],
        "retry_after": 1801,
        "violated-policies": ["burst", "sustained"],
    }


@BOTH_LANES
async def test_who_waits_as_told_is_answered_again(serve: Serve, lane: str) -> None:
    listener = await serve(IdentifyAs(READER), RATE_LIMIT_BURST="2/minute", FAST_LANE=lane)
    await listener.gateway.remember(KillerBiId("KB-000001"))
    peer = await listener.connect()

    async def asked() -> int:
        return (await peer.ask(request())).status

    assert [await asked() for _ in range(4)] == [200, 200, 429, 429]
    listener.gateway.clock.advance(30)
    assert [await asked() for _ in range(2)] == [200, 429]


async def test_a_keys_own_rates_replace_the_defaults(open_: OpenGateway) -> None:
    own = Caller("key:own", READER.scopes, "01A", rates=Rates(burst=Rate(3, 60)))
    gateway = await open_(IdentifyAs(own), RATE_LIMIT_BURST="1/minute")

    assert await statuses(4, gateway, x_api_key="any") == [200, 200, 200, 429]


async def test_what_is_refused_asks_the_source_nothing(open_: OpenGateway) -> None:
    gateway = await open_(IdentifyAs(READER), RATE_LIMIT_BURST="1/minute")

    await statuses(3, gateway, x_api_key="any", path="/api/v1/players/KB-000002")

    assert gateway.simulator.stats.calls == 1


@pytest.mark.parametrize("headers", [{}, {"x_api_key": "wrong"}, {"authorization": "Basic x"}])
async def test_failed_credentials_count_against_the_address(
    open_: OpenGateway, headers: dict[str, Any]
) -> None:
    gateway = await open_(RATE_LIMIT_BURST="2/minute")

    assert await statuses(3, gateway, **headers) == [401, 401, 429]
    assert await statuses(1, gateway, peer="192.0.2.2", **headers) == [401]


async def test_a_verified_caller_behind_a_blocked_address_is_answered(open_: OpenGateway) -> None:
    gateway = await open_(RATE_LIMIT_BURST="2/minute")

    await statuses(3, gateway, x_api_key="wrong")

    assert await statuses(1, gateway, x_api_key=KEY) == [200]


async def test_addresses_of_one_ipv6_network_count_together(open_: OpenGateway) -> None:
    gateway = await open_(RATE_LIMIT_BURST="2/minute")

    assert await statuses(1, gateway, peer="2001:db8::1") == [401]
    assert await statuses(2, gateway, peer="2001:db8::ffff") == [401, 429]
    assert await statuses(1, gateway, peer="2001:db8:0:1::1") == [401]


async def test_forwarded_addresses_count_only_from_trusted_proxies(open_: OpenGateway) -> None:
    gateway = await open_(RATE_LIMIT_BURST="1/minute", TRUSTED_PROXIES="10.0.0.0/8")

    assert await statuses(1, gateway, peer="10.0.0.1", x_forwarded_for="203.0.113.1") == [401]
    assert await statuses(1, gateway, peer="10.0.0.1", x_forwarded_for="203.0.113.2") == [401]
    assert await statuses(1, gateway, peer="10.0.0.1", x_forwarded_for="203.0.113.1") == [429]
    assert await statuses(1, gateway, peer="192.0.2.9", x_forwarded_for="203.0.113.3") == [401]
    assert await statuses(1, gateway, peer="192.0.2.9", x_forwarded_for="203.0.113.4") == [429]


@pytest.mark.parametrize("path", ["/health/live", "/health", "/metrics", "/api/docs"])
async def test_health_figures_and_documents_are_not_counted(open_: OpenGateway, path: str) -> None:
    gateway = await open_(RATE_LIMIT_BURST="1/minute")

    assert await statuses(3, gateway, peer="127.0.0.1", path=path) == [200] * 3


async def test_refusals_are_counted_by_tier(open_: OpenGateway) -> None:
    gateway = await open_(IdentifyAs(READER), RATE_LIMIT_BURST="1/minute")

    await statuses(3, gateway, x_api_key="any")

    assert 'plg_rate_limited_total{tier="burst"} 2.0' in await gateway.metrics()


async def test_a_missing_scope_is_told_and_counted_however_often(open_: OpenGateway) -> None:
    gateway = await open_(IdentifyAs(READER), RATE_LIMIT_BURST="3/minute")
    path = "/api/v1/api-keys"

    assert await statuses(4, gateway, path=path, x_api_key="any") == [403] * 4
    assert await statuses(1, gateway, x_api_key="any") == [429]


async def test_a_missing_scope_spends_no_limit_of_the_route(open_: OpenGateway) -> None:
    gateway = await open_(IdentifyAs(READER), RATE_LIMIT_ADMIN="1/minute")
    answers = [await ask(gateway, path="/api/v1/users", x_api_key="any") for _ in range(3)]

    assert [answer.status_code for answer in answers] == [403] * 3
    assert "admin" not in answers[0].headers["ratelimit-policy"]
    assert answers[2].headers["ratelimit"] == '"burst";r=57;t=3, "sustained";r=997;t=11'


async def test_a_search_is_one_however_its_parameter_is_spelled(open_: OpenGateway) -> None:
    writer = Caller("key:writer", frozenset({Scope.KEYS_WRITE}), account_id="01A")
    gateway = await open_(IdentifyAs(writer), RATE_LIMIT_SEARCH="2/minute")

    spellings = ("?q=a", "?limit=1&%71=a", "?%71=a", "?limit=1&q=a", "?q", "?limit=1", "")
    found = [
        (await ask(gateway, path=f"/api/v1/api-keys{query}", x_api_key="any")).status_code
        for query in spellings
    ]

    assert found == [200, 200, 429, 429, 429, 200, 200]
