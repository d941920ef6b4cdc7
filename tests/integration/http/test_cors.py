"""Browsers on other origins: nobody, unless the operator says so."""

import pytest

from tests.integration.http.conftest import OpenGateway, Serve
from tests.integration.http.gateway import ANA_PATH, Gateway
from tests.integration.http.wire import request

ORIGIN = "https://app.example"
PREFLIGHT = {
    "origin": ORIGIN,
    "access_control_request_method": "GET",
    "access_control_request_headers": "x-api-key, authorization, if-none-match, cache-control",
}


def allowed(headers: object) -> set[str]:
    assert hasattr(headers, "keys")
    return {name for name in headers.keys() if name.startswith("access-control")}  # noqa: SIM118


async def test_it_is_off_unless_asked_for(gateway: Gateway) -> None:
    simple = await gateway.get(origin=ORIGIN)
    preflight = await gateway.request("OPTIONS", ANA_PATH, **PREFLIGHT)

    assert simple.status_code == 200
    assert not allowed(simple.headers)
    assert preflight.status_code == 405
    assert not allowed(preflight.headers)


async def test_an_allowed_origin_may_read(open_: OpenGateway) -> None:
    gateway = await open_(CORS_ALLOW_ORIGINS=f"https://other.example,{ORIGIN}")

    headers = (await gateway.get(origin=ORIGIN)).headers

    assert headers["access-control-allow-origin"] == ORIGIN
    exposed = {name.strip() for name in headers["access-control-expose-headers"].split(",")}
    assert {"ETag", "Age", "Cache-Status", "X-Request-ID", "Retry-After"} <= exposed
    vary = {part.strip() for value in headers.get_list("vary") for part in value.split(",")}
    assert vary == {"Authorization", "X-API-Key", "Origin"}
    assert "access-control-allow-credentials" not in headers


async def test_an_allowed_origin_may_read_problems_too(open_: OpenGateway) -> None:
    gateway = await open_(CORS_ALLOW_ORIGINS=ORIGIN)

    answer = await gateway.get("/api/", origin=ORIGIN)

    assert answer.status_code == 400
    assert answer.headers["access-control-allow-origin"] == ORIGIN


async def test_an_allowed_origin_may_read_what_went_wrong_with_its_credential(
    open_: OpenGateway,
) -> None:
    gateway = await open_(CORS_ALLOW_ORIGINS=ORIGIN)

    answer = await gateway.get(origin=ORIGIN, x_api_key="wrong")

    assert answer.status_code == 401
    assert answer.headers["access-control-allow-origin"] == ORIGIN


async def test_a_preflight_is_answered_without_a_credential(open_: OpenGateway) -> None:
    gateway = await open_(CORS_ALLOW_ORIGINS=ORIGIN)

    answer = await gateway.request("OPTIONS", ANA_PATH, x_api_key="", **PREFLIGHT)

    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == ORIGIN
    assert "GET" in answer.headers["access-control-allow-methods"]
    assert "x-api-key" in answer.headers["access-control-allow-headers"].lower()
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "origin", ["https://evil.example", f"{ORIGIN}.evil.example", "http://app.example", "null"]
)
async def test_another_origin_may_not(open_: OpenGateway, origin: str) -> None:
    gateway = await open_(CORS_ALLOW_ORIGINS=ORIGIN)

    simple = await gateway.get(origin=origin)
    preflight = await gateway.request("OPTIONS", ANA_PATH, **{**PREFLIGHT, "origin": origin})

    assert "access-control-allow-origin" not in simple.headers
    assert "access-control-allow-origin" not in preflight.headers
    assert preflight.status_code == 400


async def test_all_origins_may_be_allowed(open_: OpenGateway) -> None:
    gateway = await open_(CORS_ALLOW_ORIGINS="*")

    assert (await gateway.get(origin=ORIGIN)).headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize(
    ("field", "value", "refused"),
    [
        ("origin", "https://evil.example", "origin"),
        ("access_control_request_method", "TRACE", "method"),
        ("access_control_request_headers", "x-api-key, x-odd", "headers"),
    ],
)
async def test_a_preflight_that_is_refused_is_a_problem(
    open_: OpenGateway, field: str, value: str, refused: str
) -> None:
    gateway = await open_(CORS_ALLOW_ORIGINS=ORIGIN)
    answer = await gateway.request("OPTIONS", ANA_PATH, **{**PREFLIGHT, field: value})

    assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json")
    assert answer.json()["code"] == "preflight_refused"
    assert answer.json()["detail"] == f"Not allowed for this page: {refused}."
    assert answer.json()["request_id"] == answer.headers["x-request-id"]
    assert "Origin" in answer.headers["vary"]
    assert "POST" in answer.headers["access-control-allow-methods"]


@pytest.mark.parametrize("lane", ["on", "off"])
async def test_it_is_one_on_either_way(serve: Serve, lane: str) -> None:
    listener = await serve(CORS_ALLOW_ORIGINS=ORIGIN, FAST_LANE=lane)
    peer = await listener.connect()
    asked = ("Origin: https://evil.example", "Access-Control-Request-Method: GET")
    heard = await peer.ask(request(ANA_PATH, *asked, method="OPTIONS", key=None))

    assert (heard.status, heard.field(b"content-type")) == (400, b"application/problem+json")
    assert heard.field(b"access-control-allow-origin") is None
    assert (await peer.ask(request())).status == 200
