"""A player, as a client gets it."""

import json

import pytest

from tests.fakes.entries import ANA
from tests.integration.http.conftest import OpenGateway
from tests.integration.http.gateway import ANA_PATH, Gateway

TARGETS = [
    ANA_PATH,
    ANA_PATH + "/",
    ANA_PATH + "?unknown=1",
    "/api/?killer_bi_id=KB-000001",
    "/api?killer_bi_id=KB-000001",
    "/api/?a=b&killer_bi_id=KB-000001&c",
    "/api/?killer_bi_id=%20KB-000001+",
    "/api/v1/players/%4BB-%30%300001",
    "/%61pi/v1/players/KB-000001",
]


@pytest.mark.parametrize("target", TARGETS)
async def test_a_player_is_found_under_each_form_of_its_address(
    gateway: Gateway, target: str
) -> None:
    answer = await gateway.get(target)

    assert answer.status_code == 200
    assert answer.json()["killer_bi_id"] == "KB-000001"


async def test_the_answer_has_the_record_its_nick_and_when_it_was_fetched(
    gateway: Gateway,
) -> None:
    body = (await gateway.get()).json()

    assert list(body) == ["killer_bi_id", "nick", "big_payload", "synced_at"]
    assert body["nick"] == body["big_payload"]["nick"]
    assert body["big_payload"]["killer_bi_id"] == "KB-000001"
    assert body["synced_at"] == "2023-11-14T22:13:20.000Z"


async def test_numbers_pass_through_to_the_last_digit(gateway: Gateway) -> None:
    await gateway.remember(ANA)

    assert b'"score":9007199254740993.10' in (await gateway.get()).content


async def test_an_answer_says_all_about_its_freshness(gateway: Gateway) -> None:
    await gateway.get()
    gateway.clock.advance(24.6)

    headers = (await gateway.get()).headers

    assert headers["content-type"] == "application/json"
    assert headers["etag"].startswith('"')
    assert headers["age"] == "24"
    assert headers["cache-control"] == (
        "private, max-age=100, stale-while-revalidate=10, stale-if-error=1000"
    )
    assert headers["vary"] == "Authorization, X-API-Key"
    assert headers["cache-status"] == "plg; hit; ttl=76"


async def test_a_refresh_that_finds_the_same_content_renews_freshness_only(
    gateway: Gateway,
) -> None:
    first = await gateway.get()
    gateway.clock.advance(500)

    second = await gateway.get()

    assert second.headers["cache-status"] == "plg; fwd=stale; fwd-status=304; stored; ttl=100"
    assert second.headers["age"] == "0"
    assert (second.content, second.headers["etag"]) == (first.content, first.headers["etag"])


async def test_a_refresh_that_finds_other_content_changes_all_of_it(gateway: Gateway) -> None:
    first = await gateway.get()
    gateway.clock.advance(500)
    gateway.simulator.control(version=2)

    second = await gateway.get()

    assert second.headers["etag"] != first.headers["etag"]
    assert second.json()["synced_at"] == "2023-11-14T22:21:40.000Z"


@pytest.mark.parametrize("target", ["/api/v1/players/KB-999999", "/api/?killer_bi_id=KB-999999"])
async def test_no_match_is_a_404(gateway: Gateway, target: str) -> None:
    answer = await gateway.get(target)

    assert answer.status_code == 404
    assert answer.json()["code"] == "no_match"


async def test_a_record_that_is_gone_from_the_source_is_gone(gateway: Gateway) -> None:
    await gateway.get()
    gateway.simulator.control(gone=["KB-000001"])
    gateway.clock.advance(500)

    assert (await gateway.get()).status_code == 404
    assert (await gateway.get(cache_control="only-if-cached")).status_code == 504


@pytest.mark.parametrize(
    ("target", "key"),
    [
        ("/api/v1/players/a%2Fb", "a/b"),
        ("/api/?killer_bi_id=a%2Fb", "a/b"),
        ("/api/v1/players/a%2Fb%2F", "a/b/"),
        ("/api/v1/players/a+b", "a+b"),
        ("/api/?killer_bi_id=a%2Bb", "a+b"),
        ("/api/?killer_bi_id=a+b", "a b"),
        ("/api/v1/players/a%20b", "a b"),
        ("/api/v1/players/%C3%A4%F0%9F%8E%AE", "ä🎮"),
        ("/api/v1/players/..", ".."),
        ("/api/v1/players/%2e%2e", ".."),
        ("/api/v1/players/%25", "%"),
        ("/api/v1/players/x;y=1", "x;y=1"),
        ("/api/v1/players/" + "k" * 128, "k" * 128),
    ],
)
async def test_the_source_is_asked_for_exactly_this_id(
    gateway: Gateway, target: str, key: str
) -> None:
    await raw_get(gateway, target)

    assert list(gateway.simulator.stats.by_key) == [key]


@pytest.mark.parametrize(
    "target",
    [
        "/api/",
        "/api/?killer_bi_id",
        "/api/?killer_bi_id=",
        "/api/?killer_bi_id=%20",
        "/api/?Killer_bi_id=KB-000001",
        "/api/?killer_bi_id=KB-000001&killer_bi_id=KB-000001",
        "/api/?killer_bi_id=KB-000001&killer%5Fbi%5Fid=KB-000002",
        "/api/?killer_bi_id=%FF",
        "/api/?killer_bi_id=KB-000001&other=%FF",
        "/api/?killer_bi_id=%ED%A0%80",
        "/api/?killer_bi_id=" + "k" * 129,
        "/api/?killer_bi_id=a%00b",
        "/api/?killer_bi_id=KB-000001&" + "x&" * 5000,
        "/api/v1/players/%FF",
        "/api/v1/players/%C3",
        "/api/v1/players/%00",
        "/api/v1/players/a%0Ab",
        "/api/v1/players/%20",
        "/api/v1/players/" + "k" * 129,
        "/api/v1/players/" + "%F0%9F%8E%AE" * 129,
    ],
)
async def test_an_id_that_cannot_be_one_is_a_400_that_names_the_parameter(
    gateway: Gateway, target: str
) -> None:
    answer = await raw_get(gateway, target)

    assert answer["status"] == 400
    assert answer["code"] == "invalid_parameter"
    assert answer["parameter"] == "killer_bi_id"
    assert not gateway.simulator.stats.calls


@pytest.mark.parametrize(
    "target",
    [
        "/api/v1/players",
        "/api/v1/players/",
        "/api/v1/players//",
        "/api/v1/players/KB-000001//",
        "/api/v1/players/KB-000001/more",
        "/api%2Fv1/players/KB-000001",
        "/API/v1/players/KB-000001",
        "//api/v1/players/KB-000001",
        "/api/v1/players/../players/KB-000001",
        "/nowhere",
    ],
)
async def test_what_is_no_address_is_not_found(gateway: Gateway, target: str) -> None:
    answer = await raw_get(gateway, target)

    assert (answer["status"], answer["code"]) == (404, "not_found")


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
@pytest.mark.parametrize("target", [ANA_PATH, "/api/", "/health", "/openapi.json", "/metrics"])
async def test_a_wrong_method_is_a_405_that_names_the_right_ones(
    gateway: Gateway, method: str, target: str
) -> None:
    answer = await gateway.request(method, target)

    assert answer.status_code == 405
    assert answer.json()["code"] == "method_not_allowed"
    assert answer.headers["allow"] == "GET, HEAD"


async def test_a_wrong_method_on_an_asset_names_the_right_ones_too(gateway: Gateway) -> None:
    answer = await gateway.request("POST", "/api/docs/assets/swagger-start.js")

    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD"


@pytest.mark.parametrize(
    "target", [ANA_PATH, "/api/?killer_bi_id=KB-000001", "/health", "/metrics"]
)
async def test_head_answers_as_get_without_the_body(gateway: Gateway, target: str) -> None:
    await gateway.get()
    got = await gateway.get(target, x_request_id="same")

    head = await gateway.request("HEAD", target, x_request_id="same")

    assert head.status_code == got.status_code
    if target != "/metrics":  # which counts the requests between
        assert head.headers == got.headers
    assert head.content == b""


async def test_an_announced_body_that_is_too_large_is_a_413(gateway: Gateway) -> None:
    answer = await gateway.request("POST", "/api/", content_length="65537")

    assert answer.status_code == 413
    assert answer.json()["code"] == "payload_too_large"
    assert answer.headers["connection"] == "close"


async def test_a_slow_lookup_of_one_id_is_shared_by_all_who_ask(open_: OpenGateway) -> None:
    gateway = await open_()
    gateway.simulator.control(latency=0.02)

    answers = await gateway.together(*[gateway.get() for _ in range(20)])

    assert [answer.headers["cache-status"] for answer in answers].count(
        "plg; fwd=uri-miss; collapsed"
    ) == 19
    assert gateway.simulator.stats.calls == 1


async def raw_get(gateway: Gateway, target: str) -> dict[str, object]:
    """Ask for a target that a client library would tidy up first."""
    path, _, query = target.partition("?")
    sent: list[dict[str, object]] = []

    async def send(message: object) -> None:
        assert isinstance(message, dict)
        sent.append(message)

    async def receive() -> dict[str, object]:
        return {"type": "http.request"}

    scope = {
        "type": "http",
        "method": "GET",
        "raw_path": path.encode(),
        "path": path,
        "query_string": query.encode(),
        "headers": [(b"host", b"gateway.test"), (b"x-api-key", gateway.key.encode())],
        "client": ("127.0.0.1", 1),
    }
    await gateway.app(scope, receive, send)
    body = b"".join(m["body"] for m in sent[1:] if isinstance(m["body"], bytes))
    answer: dict[str, object] = json.loads(body)
    return {"status": sent[0]["status"], **answer}
