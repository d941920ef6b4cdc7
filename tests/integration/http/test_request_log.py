"""One line for each request, and no secret in any."""

from collections.abc import Iterator, MutableMapping
from typing import Any

import pytest
from structlog.testing import capture_logs

from tests.integration.http.conftest import OpenGateway, Serve
from tests.integration.http.gateway import ANA_PATH, KEY, Gateway
from tests.integration.http.wire import request

Lines = list[MutableMapping[str, Any]]


@pytest.fixture
def lines() -> Iterator[Lines]:
    with capture_logs() as lines:
        yield lines


def of_requests(lines: Lines) -> Lines:
    return [line for line in lines if line["event"] == "request"]


async def test_a_line_says_what_was_asked_and_what_came_of_it(
    gateway: Gateway, lines: Lines
) -> None:
    await gateway.get(x_request_id="mine")

    (line,) = of_requests(lines)
    assert line.pop("ms") >= 0
    assert line == {
        "event": "request",
        "log_level": "info",
        "method": "GET",
        "route": "/api/v1/players/{killer_bi_id}",
        "status": 200,
        "outcome": "miss",
        "request_id": "mine",
        "caller": "service",
    }


@pytest.mark.parametrize("lane", ["on", "off"])
async def test_both_carriers_log_alike(serve: Serve, lines: Lines, lane: str) -> None:
    listener = await serve(FAST_LANE=lane)
    peer = await listener.connect()
    await peer.ask(request(ANA_PATH, "X-Request-ID: first"))
    await peer.ask(request(ANA_PATH, "X-Request-ID: second"))

    _, hit = of_requests(lines)
    assert hit.pop("ms") >= 0
    assert hit == {
        "event": "request",
        "log_level": "info",
        "method": "GET",
        "route": "/api/v1/players/{killer_bi_id}",
        "status": 200,
        "outcome": "hit",
        "request_id": "second",
        "caller": "service",
    }


async def test_what_cannot_be_parsed_has_a_line_too(serve: Serve, lines: Lines) -> None:
    listener = await serve()
    peer = await listener.connect()
    answer = await peer.ask(b"nonsense\r\n\r\n")

    (line,) = of_requests(lines)
    assert (line["route"], line["status"], line["caller"]) == ("unparsed", 400, "-")
    assert line["request_id"].encode() == answer.field(b"x-request-id")


@pytest.mark.parametrize(
    ("path", "route", "status", "outcome"),
    [
        ("/api/?killer_bi_id=KB-999999", "/api/", 404, "not-found"),
        ("/api/", "/api/", 400, "none"),
        ("/health/live", "/health/live", 200, "none"),
        ("/nowhere", "unknown", 404, "none"),
    ],
)
async def test_the_route_is_a_template(
    gateway: Gateway, lines: Lines, path: str, route: str, status: int, outcome: str
) -> None:
    await gateway.get(path)

    (line,) = of_requests(lines)
    assert (line["route"], line["status"], line["outcome"]) == (route, status, outcome)


async def test_a_caller_that_is_not_known_has_no_name(gateway: Gateway, lines: Lines) -> None:
    await gateway.get(x_api_key="wrong-key-of-somebody")

    (line,) = of_requests(lines)
    assert (line["caller"], line["status"]) == ("-", 401)


async def test_no_secret_is_in_any_line(gateway: Gateway, lines: Lines) -> None:
    await gateway.get(authorization=f"Bearer {KEY}")
    await gateway.get(x_api_key="wrong-key-of-somebody")
    await gateway.get(f"/api/?killer_bi_id=KB-000001&api_key={KEY}")
    gateway.simulator.control(error_ratio=1)
    await gateway.get("/api/v1/players/KB-000002")

    assert KEY not in str(lines)
    assert "wrong-key-of-somebody" not in str(lines)


async def test_lines_can_be_turned_off(open_: OpenGateway, lines: Lines) -> None:
    gateway = await open_(REQUEST_LOG_RATIO="0")
    await gateway.get()
    gateway.simulator.control(error_ratio=1)
    await gateway.get("/api/v1/players/KB-000002")

    assert not of_requests(lines)


async def test_a_share_can_be_logged_and_failures_always_are(
    open_: OpenGateway, lines: Lines
) -> None:
    gateway = await open_(REQUEST_LOG_RATIO="0.2", EXTERNAL_API_RETRIES_MAX="0")
    for _ in range(300):
        await gateway.get("/health/live")
    assert 20 < len(of_requests(lines)) < 120

    lines.clear()
    gateway.simulator.control(error_ratio=1)
    for number in range(10):
        await gateway.get(f"/api/v1/players/KB-{number:06}")
    assert len(of_requests(lines)) == 10
