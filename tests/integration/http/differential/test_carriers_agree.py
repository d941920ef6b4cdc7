"""
Whatever arrives: with the fast lane and without it the same bytes go out.

The same examples run each time; `make fuzz` searches anew.
"""

import asyncio
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
import uvloop
from hypothesis import event, given, settings
from hypothesis import strategies as st

from tests.integration.http.differential.conversations import Segment, conversations
from tests.integration.http.differential.shapes import (
    FRAMING,
    HOST,
    HOSTS,
    ODD_TARGETS,
    VEHICLE,
    VERSIONS,
)
from tests.integration.http.differential.twins import Exchange, Twins, open_twins
from tests.integration.http.gateway import ANA_PATH, KEY
from tests.integration.http.vault import WIDE, Vault
from tests.integration.http.wire import request
from tests.length import IS_FUZZ, times

TURN_SECONDS = 0.25
EXAMPLES = times(short=100, long=1200, fuzz=100_000)


class Stage:
    """The twins on an event loop that outlives a test."""

    def __init__(self, runner: asyncio.Runner, twins: Twins, vault: Vault) -> None:
        self.twins = twins
        token = vault["user token"]
        damaged = token[:-9] + ("a" if token[-9] != "a" else "b") + token[-8:]
        self.vault: Mapping[str, str] = {**vault.texts, "damaged token": damaged}
        self._runner = runner

    def compare(self, segments: list[Segment]) -> tuple[Exchange, int]:
        """Let both answer alike; return the answers, and how many came through the lane."""
        self._runner.run(self.twins.pass_time(TURN_SECONDS))
        laned, plain, by_lane = self._runner.run(self.twins.converse(segments))
        assert laned == plain
        assert all(heard.status != 500 for heard in plain.answers)
        return plain, by_lane


@pytest.fixture(scope="module")
def stage(
    furnished: tuple[Path, Vault], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Stage]:
    source, vault = furnished
    root = tmp_path_factory.mktemp("twins")
    folders = (root / "laned", root / "plain")
    for folder in folders:
        shutil.copytree(source, folder)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        stack = AsyncExitStack()
        twins = runner.run(stack.enter_async_context(open_twins(folders, **WIDE)))
        yield Stage(runner, twins, vault)
        runner.run(stack.aclose())


def test_both_ways_send_the_same_and_the_comparison_reaches_both_carriers(stage: Stage) -> None:
    tally = Counter[str]()

    @settings(max_examples=EXAMPLES, derandomize=not IS_FUZZ)
    @given(data=st.data())
    def both_send_the_same(data: st.DataObject) -> None:
        heard, by_lane = stage.compare(data.draw(conversations(stage.vault)))
        tally.update(answers=len(heard.answers), by_lane=by_lane)

        event(f"{min(len(heard.answers), 4)} answers, {min(by_lane, 3)} by the lane")
        event("closed" if heard.was_closed else "left open")
        for status in {answer.status for answer in heard.answers}:
            event(f"status {status}")

    both_send_the_same()
    assert 0.15 < tally["by_lane"] / tally["answers"] < 0.8


@pytest.mark.parametrize(
    "data",
    [
        request(ANA_PATH, "Proxy-Connection: close") * 2,
        request(ANA_PATH, "Proxy-Connection: keep-alive") * 2,
        request(ANA_PATH, f"X-API-Key: {KEY} \t", key=None),
        request(ANA_PATH, "If-None-Match: * ", "X-Request-ID: mine\t"),
        request(ANA_PATH, *["X-Many: v"] * 97),
        request(ANA_PATH, *["X-Many: v"] * 98),
        request(ANA_PATH, *["X-Many: v"] * 99),
        request(f"{ANA_PATH}?{'q' * (8191 - len(ANA_PATH))}"),
        request(f"{ANA_PATH}?{'q' * (8192 - len(ANA_PATH))}"),
        request(ANA_PATH, "Connection: Keep-Alive, close") * 2,
        request(ANA_PATH, "Transfer-Encoding: chunked", body="0\r\n\r\n") * 2,
        request(ANA_PATH, "Content-Length: 5", body="12345") * 2,
        request(ANA_PATH, "Content-Length: 5", "Transfer-Encoding: chunked", body="0\r\n\r\n"),
        request(ANA_PATH, "Content-Length: 5", "Content-Length: 5", body="12345"),
        request(ANA_PATH, "Cache-Control: no-cache") * 2,
        request(ANA_PATH, "Host: other.test"),
        *(request().replace(HOST.encode(), host.encode("latin-1")) * 2 for host in HOSTS),
        *(request().replace(b"HTTP/1.1", version.encode()) * 2 for version in VERSIONS),
        *(request(target) * 2 for target in ODD_TARGETS),
        *(request(ANA_PATH, field, body="0\r\n\r\n") * 2 for field in FRAMING),
        request("*", method="OPTIONS") * 2,
        request("gateway.test:80", method="CONNECT"),
        request(ANA_PATH, "If-None-Match: *", "If-None-Match: *"),
    ],
)
def test_shapes_that_differ_easily_do_not(stage: Stage, data: bytes) -> None:
    stage.compare([Segment(data, pauses=False)])
    stage.compare([Segment(data[:60], pauses=True), Segment(data[60:], pauses=False)])


@pytest.mark.parametrize(
    "data",
    [
        request(),
        request(ANA_PATH + "/"),
        request("/api/?killer_bi_id=KB-000001"),
        request("/api?killer_bi_id=KB-000001&x=y"),
        request("/api/v1/players/a%2Fb"),
        request(f"/api/v1/vehicle/static/{VEHICLE}"),
        request(f"/api/v1/vehicle/static/{VEHICLE.lower()}/"),
        request(f"/api/v1/vehicle/dynamic/{VEHICLE}"),
        request(method="HEAD"),
        request(ANA_PATH, "If-None-Match: *"),
        request(ANA_PATH, "Connection: Keep-Alive", "User-Agent: curl/8", "Accept: */*"),
        request(ANA_PATH, "X-Forwarded-For: 192.0.2.7", "Forwarded: for=192.0.2.7", "Via: 1.1 p"),
        request(ANA_PATH, "traceparent: 00-x", "X-Request-ID: mine", "Cookie: a=b", "Pragma: x"),
        request() * 3,
    ],
)
def test_a_plain_hit_takes_the_lane(stage: Stage, data: bytes) -> None:
    _, by_lane = stage.compare([Segment(data, pauses=False)])

    assert by_lane == data.count(b"HTTP/1.1")
