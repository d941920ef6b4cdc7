"""What every answer carries, whatever it is."""

import re

import pytest

from plg.domain.identity.access import Caller
from plg.entrypoints.http.protocol.context import RequestContext
from tests.fakes.identify import IdentifyAs
from tests.integration.http.conftest import OpenGateway, on_shared_loop
from tests.integration.http.gateway import ANA_PATH, SOURCE_HOST, Gateway

TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
EVERYWHERE = [
    ("GET", ANA_PATH),
    ("HEAD", ANA_PATH),
    ("GET", "/api/v1/players/KB-999999"),
    ("GET", "/api/"),
    ("POST", "/api/"),
    ("OPTIONS", "/api/"),
    ("GET", "/nowhere"),
    ("GET", "/health"),
    ("GET", "/health/live"),
    ("GET", "/metrics"),
    ("GET", "/"),
    ("GET", "/openapi.json"),
    ("GET", "/api/docs"),
    ("GET", "/api/v1/redoc"),
    ("GET", "/api/docs/assets/swagger-start.js"),
    ("GET", "/api/docs/assets/nothing.js"),
    ("POST", "/api/docs/assets/swagger-start.js"),
    ("GET", "/problems/no_match"),
    ("GET", "/problems/nonsense"),
]
everywhere = pytest.mark.parametrize(("method", "path"), EVERYWHERE)


@everywhere
@on_shared_loop
async def test_security_headers_stand_on_every_answer(
    shared: Gateway, method: str, path: str
) -> None:
    headers = (await shared.request(method, path)).headers

    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert "server" not in headers
    assert headers.get_list("content-security-policy") == [headers["content-security-policy"]]


@everywhere
@on_shared_loop
async def test_a_sound_request_id_is_taken_over(shared: Gateway, method: str, path: str) -> None:
    answer = await shared.request(method, path, x_request_id="Mine-1.a_b")

    assert answer.headers.get_list("x-request-id") == ["Mine-1.a_b"]


@pytest.mark.parametrize("given", ["", " ", "a b", "a" * 129, "a,b", "a/b", "<script>"])
@on_shared_loop
async def test_another_request_id_is_replaced(shared: Gateway, given: str) -> None:
    answer = await shared.get("/nowhere", x_request_id=given)

    made = answer.headers["x-request-id"]
    assert re.fullmatch(r"[A-Za-z0-9._-]{1,128}", made)
    assert made != given
    assert answer.json()["request_id"] == made


async def test_every_request_has_an_id_of_its_own(gateway: Gateway) -> None:
    made = {(await gateway.get()).headers["x-request-id"] for _ in range(50)}

    assert len(made) == 50


async def test_two_request_ids_are_none(gateway: Gateway) -> None:
    async with gateway.client() as client:
        fields = [("X-Request-ID", "one"), ("X-Request-ID", "two")]
        answer = await client.get(ANA_PATH, headers=fields)

    assert answer.headers["x-request-id"] not in ("one", "two")


async def test_the_trace_goes_on_to_the_source(gateway: Gateway) -> None:
    await gateway.get(traceparent=TRACE)

    assert gateway.source.headers["traceparent"] == TRACE


@pytest.mark.parametrize(
    "given",
    [
        TRACE.upper(),
        TRACE[:-1],
        "ff" + TRACE[2:],
        TRACE + "-x",
        f"00-{'0' * 32}-b7ad6b7169203331-01",
        f"00-0af7651916cd43dd8448eb211c80319c-{'0' * 16}-01",
    ],
)
async def test_an_unsound_trace_does_not(gateway: Gateway, given: str) -> None:
    await gateway.get(traceparent=given)

    assert "traceparent" not in gateway.source.headers


async def test_a_trace_is_of_one_request_only(gateway: Gateway) -> None:
    await gateway.get(traceparent=TRACE)
    await gateway.get("/api/v1/players/KB-000002")

    assert "traceparent" not in gateway.source.headers


async def test_nothing_else_of_the_client_goes_on_to_the_source(gateway: Gateway) -> None:
    await gateway.get(cookie="a=b", x_custom="c", authorization=f"Bearer {gateway.key}")

    sent = {name: value for name, value in gateway.source.headers.items() if name != "host"}
    assert set(sent) == {"accept", "accept-encoding", "user-agent"}


@everywhere
@on_shared_loop
async def test_the_sources_host_is_named_in_no_answer(
    shared: Gateway, method: str, path: str
) -> None:
    answer = await shared.request(method, path)

    assert SOURCE_HOST not in f"{answer.headers}{answer.text}"


async def test_an_unexpected_failure_shows_nothing_of_itself(open_: OpenGateway) -> None:
    class Broken(IdentifyAs):
        async def __call__(self, credential: bytes, address: str) -> Caller:  # noqa: ARG002
            raise RuntimeError(f"secret {credential!r} of db.internal")

    gateway = await open_(Broken(Caller("nobody", frozenset())))
    answer = await gateway.get()

    assert answer.status_code == 500
    assert answer.json()["code"] == "internal_error"
    assert answer.json()["request_id"] == answer.headers["x-request-id"]
    assert "secret" not in answer.text


def test_an_exchange_that_was_not_answered_has_no_status() -> None:
    async def nowhere(_message: object) -> None: ...

    assert RequestContext({"type": "http", "headers": []}, nowhere, ()).status == 0
