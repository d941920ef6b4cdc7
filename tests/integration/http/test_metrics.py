"""Figures: who may see them, and what they say."""

import pytest

from tests.fakes.entries import ANA
from tests.integration.http.conftest import OpenGateway
from tests.integration.http.gateway import ANA_PATH, Gateway


async def status(gateway: Gateway, peer: str, *fields: tuple[str, str]) -> int:
    async with gateway.client(peer=peer) as client:
        return (await client.get("/metrics", headers=list(fields))).status_code


@pytest.mark.parametrize("path", ["/metrics", "/metrics/", "/prometheus", "/prometheus/"])
async def test_figures_are_prometheus_text(gateway: Gateway, path: str) -> None:
    answer = await gateway.get(path)

    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain; version=")
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("peer", "expected"),
    [
        ("127.0.0.1", 200),
        ("127.9.9.9", 200),
        ("::1", 200),
        ("::ffff:127.0.0.1", 200),
        ("10.0.0.1", 403),
        ("::2", 403),
        ("", 403),
        ("testclient", 403),
    ],
)
async def test_only_the_allowed_networks_see_them(
    gateway: Gateway, peer: str, expected: int
) -> None:
    assert await status(gateway, peer) == expected


@pytest.mark.parametrize(
    "field",
    [
        ("X-Forwarded-For", "127.0.0.1"),
        ("X-Forwarded-For", ""),
        ("X-Forwarded-Host", "x"),
        ("X-Forwarded-Proto", "https"),
        ("X-Forwarded-Port", "443"),
        ("X-Real-IP", "127.0.0.1"),
        ("Forwarded", "for=127.0.0.1"),
        ("Via", "1.1 proxy"),
    ],
)
async def test_nobody_sees_them_through_a_proxy_that_is_not_known(
    gateway: Gateway, field: tuple[str, str]
) -> None:
    assert await status(gateway, "127.0.0.1", field) == 403


@pytest.mark.parametrize(
    ("chain", "expected"),
    [
        ("192.0.2.1", 200),
        ("10.0.0.9, 192.0.2.1", 200),
        ("192.0.2.1, 10.0.0.9", 200),
        ("192.0.2.1, 203.0.113.5", 403),
        ("203.0.113.5, 192.0.2.1", 200),
        ("203.0.113.5", 403),
        ("192.0.2.1, nonsense", 403),
        ("", 403),
        (",", 403),
        ("192.0.2.1:4711", 200),
        ("203.0.113.5:4711", 403),
        ("192.0.2.1:nonsense", 403),
    ],
)
async def test_a_known_proxy_is_believed_about_the_last_stranger(
    open_: OpenGateway, chain: str, expected: int
) -> None:
    gateway = await open_(TRUSTED_PROXIES="10.0.0.0/8", METRICS_ALLOW="192.0.2.0/24")

    assert await status(gateway, "10.0.0.1", ("X-Forwarded-For", chain)) == expected


async def test_a_chain_of_known_proxies_alone_is_their_own_request(open_: OpenGateway) -> None:
    gateway = await open_(TRUSTED_PROXIES="10.0.0.0/8", METRICS_ALLOW="10.0.0.0/24")

    assert await status(gateway, "10.0.0.1", ("X-Forwarded-For", "10.0.0.2, 10.0.0.3")) == 200
    assert await status(gateway, "10.0.0.1", ("X-Forwarded-For", "10.9.0.2, 10.0.0.3")) == 403


async def test_a_known_proxy_that_names_nobody_is_not_believed(open_: OpenGateway) -> None:
    gateway = await open_(TRUSTED_PROXIES="10.0.0.0/8", METRICS_ALLOW="10.0.0.0/8")

    assert await status(gateway, "10.0.0.1", ("Forwarded", "for=10.0.0.9")) == 403


async def test_requests_are_counted_by_route_status_and_outcome(gateway: Gateway) -> None:
    await gateway.get()
    await gateway.get()
    await gateway.get("/api/?killer_bi_id=KB-999999")
    await gateway.get("/wp-login.php")
    await gateway.request("POST", ANA_PATH)
    text = await gateway.metrics()

    for labels, count in {
        'outcome="miss",route="/api/v1/players/{killer_bi_id}",status="200"': 1,
        'outcome="hit",route="/api/v1/players/{killer_bi_id}",status="200"': 1,
        'outcome="not-found",route="/api/",status="404"': 1,
        'outcome="none",route="unknown",status="404"': 1,
    }.items():
        assert f"plg_http_requests_total{{{labels}}} {count}.0" in text
        bucket = f'plg_http_request_duration_seconds_bucket{{le="+Inf",{labels}}} {count}.0'
        assert bucket in text
        assert f"plg_http_request_duration_seconds_count{{{labels}}} {count}.0" in text


async def test_paths_of_clients_do_not_become_labels(gateway: Gateway) -> None:
    for path in ("/secret-path", "/api/v1/players/secret-id", "/problems/secret-code"):
        await gateway.get(path)

    assert "secret" not in await gateway.metrics()


async def test_the_inside_is_counted_too(gateway: Gateway) -> None:
    await gateway.get()
    await gateway.get()
    await gateway.get("/api/v1/players/KB-999999")
    gateway.simulator.control(garbage_ratio=1, garbage_kind="invalid_json")
    await gateway.get("/api/v1/players/KB-000003")
    text = await gateway.metrics()

    for line in (
        "plg_cache_memory_entries 1.0",
        "plg_cache_memory_hits_total 1.0",
        "plg_cache_evictions_total 0.0",
        'plg_cache_reads_total{found="no",tier="sql"} 3.0',
        'plg_source_calls_total{resource="players",result="match"} 1.0',
        'plg_source_calls_total{resource="players",result="no_match"} 1.0',
        'plg_source_calls_total{resource="players",result="wrong_json"} 1.0',
        'plg_source_call_duration_seconds_count{resource="players"} 3.0',
        "plg_lookups_in_flight 0.0",
        "plg_source_busy 0.0",
        "plg_source_waiting 0.0",
        'plg_source_breaker{state="closed"} 1.0',
        'plg_source_breaker{state="open"} 0.0',
        "plg_cache_waiting_writes",
    ):
        assert line in text


async def test_a_collapse_is_counted(gateway: Gateway) -> None:
    gateway.simulator.control(latency=0.02)
    await gateway.together(*[gateway.get() for _ in range(5)])

    assert 'plg_collapsed_total{resource="players"} 4.0' in await gateway.metrics()


async def test_the_memory_a_record_takes_is_shown(gateway: Gateway) -> None:
    entry = await gateway.remember(ANA, body_bytes=10_000)
    text = await gateway.metrics()

    shown = float(text.split("\nplg_cache_memory_bytes ")[1].split("\n")[0])
    assert len(entry.body) < shown < 2 * len(entry.body)
