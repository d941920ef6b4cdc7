"""A source that misbehaves: each fault alone, and all of them while a load runs."""

import asyncio
import random
from collections import Counter
from typing import Final

import httpx
import pytest

from plg.entrypoints.simulator.faults import GarbageKind
from tests.integration.http.conftest import OpenGateway
from tests.integration.http.gateway import SOURCE_HOST, Gateway

QUICK: Final = {"EXTERNAL_API_TIMEOUT_SECONDS": "0.1"}
PAST_FRESHNESS: Final = 500.0
CLIENTS = 16
PAST_EVERY_BOUND: Final = 1101.0
Faults = dict[str, object]

STATUSES: Final = (300, 301, 302, 307, 400, 401, 403, 405, 408, 409, 418, 500, 501, 502, 503, 504)
FAULTS: Final[dict[str, tuple[Faults, int, str]]] = {
    **{
        f"status {status}": ({"error_ratio": 1, "error_status": status}, 502, "source_failed")
        for status in STATUSES
    },
    **{
        kind.value: ({"garbage_ratio": 1, "garbage_kind": kind}, 502, "source_broken")
        for kind in GarbageKind
    },
    "rate limit": ({"rate_limit_ratio": 1}, 502, "source_failed"),
    "disconnect": ({"disconnect_ratio": 1}, 502, "source_failed"),
    "timeout": ({"timeout_ratio": 1}, 504, "source_timeout"),
    "slow": ({"latency": 1}, 504, "source_timeout"),
}
WELL: Final[Faults] = {
    "error_ratio": 0, "garbage_ratio": 0, "rate_limit_ratio": 0, "disconnect_ratio": 0,
    "timeout_ratio": 0, "latency": 0,
}  # fmt: skip
each_fault = pytest.mark.parametrize("fault", FAULTS)


@each_fault
async def test_with_nothing_to_fall_back_on_the_client_is_told(
    open_: OpenGateway, fault: str
) -> None:
    faults, status, code = FAULTS[fault]
    gateway = await open_(**QUICK)
    gateway.simulator.control(**faults)

    answer = await gateway.get()

    assert answer.status_code == status
    assert answer.json()["code"] == code
    assert_tells_nothing(answer)


@each_fault
async def test_what_is_stale_is_served_within_its_bound(open_: OpenGateway, fault: str) -> None:
    gateway = await open_(**QUICK)
    before = await gateway.get()
    gateway.clock.advance(PAST_FRESHNESS)
    gateway.simulator.control(**FAULTS[fault][0])

    answer = await gateway.get()

    assert answer.status_code == 200
    assert answer.content == before.content
    assert answer.headers["etag"] == before.headers["etag"]
    assert answer.headers["cache-status"].endswith("; detail=stale-if-error")
    assert answer.headers["age"] == "500"
    assert_tells_nothing(answer)


@each_fault
async def test_what_is_stale_is_not_served_past_its_bound(open_: OpenGateway, fault: str) -> None:
    faults, status, code = FAULTS[fault]
    gateway = await open_(**QUICK)
    await gateway.get()
    gateway.clock.advance(PAST_EVERY_BOUND)
    gateway.simulator.control(**faults)

    answer = await gateway.get()

    assert (answer.status_code, answer.json()["code"]) == (status, code)


@each_fault
async def test_once_the_source_is_well_again_so_are_the_answers(
    open_: OpenGateway, fault: str
) -> None:
    gateway = await open_(BREAKER_FAILURES_MAX="2", **QUICK)
    gateway.simulator.control(**FAULTS[fault][0])
    for _ in range(4):
        assert (await gateway.get()).status_code >= 500

    gateway.simulator.control(**WELL)
    gateway.clock.advance(61)

    assert (await gateway.get()).headers["cache-status"] == (
        "plg; fwd=uri-miss; fwd-status=200; stored; ttl=100"
    )


async def test_a_404_of_the_source_is_no_fault(open_: OpenGateway) -> None:
    gateway = await open_()
    gateway.simulator.control(error_ratio=1, error_status=404)

    assert (await gateway.get()).json()["code"] == "no_match"


async def test_a_source_that_fails_repeatedly_is_left_alone(open_: OpenGateway) -> None:
    gateway = await open_(BREAKER_FAILURES_MAX="3", BREAKER_OPEN_SECONDS="10")
    gateway.simulator.control(error_ratio=1, error_status=500)

    answers = [await gateway.get(f"/api/v1/players/KB-{n:06}") for n in range(10)]

    assert [answer.status_code for answer in answers] == [502] * 3 + [503] * 7
    assert answers[-1].json()["code"] == "source_unavailable"
    assert answers[-1].headers["retry-after"] == "10"
    assert answers[-1].json()["retry_after"] == 10
    assert gateway.simulator.stats.calls == 3


async def test_more_callers_than_the_source_bears_are_sent_away(open_: OpenGateway) -> None:
    gateway = await open_(EXTERNAL_API_CALLS_MAX="2", EXTERNAL_API_WAIT_SECONDS="0.02")
    gateway.simulator.control(latency=0.1)

    answers = await gateway.together(
        *[gateway.get(f"/api/v1/players/KB-{n:06}") for n in range(1, 7)]
    )

    tally = Counter(answer.status_code for answer in answers)
    assert tally == {200: 2, 503: 4}
    busy = next(answer for answer in answers if answer.status_code == 503)
    assert busy.json()["code"] == "source_busy"
    assert busy.headers["retry-after"] == "1"
    assert gateway.simulator.stats.max_in_flight == 2


@each_fault
async def test_under_load_nothing_is_lost_and_nothing_is_a_500(
    open_: OpenGateway, fault: str
) -> None:
    faults, _, _ = FAULTS[fault]
    gateway = await open_(CACHE_STALE_WHILE_REVALIDATE_SECONDS="0", **QUICK)
    known = [f"/api/v1/players/KB-{n:06}" for n in range(1, 11)]
    contents = {path: (await gateway.get(path)).content for path in known}
    gateway.clock.advance(PAST_FRESHNESS)
    halved = {name: 0.5 if name.endswith("ratio") else value for name, value in faults.items()}
    gateway.simulator.control(**halved)

    load = Load(gateway, known)
    await load.run(asks=5)

    assert set(load.statuses_of_strangers) <= {200, 502, 503, 504}
    assert len(load.answers) == 5 * CLIENTS
    for path, answer in load.answers:
        assert answer.status_code != 500
        assert_tells_nothing(answer)
        if path in contents:
            assert answer.status_code == 200
            assert answer.content == contents[path]


async def test_a_load_survives_an_outage_and_its_end(open_: OpenGateway) -> None:
    gateway = await open_(BREAKER_FAILURES_MAX="3", **QUICK)
    known = [f"/api/v1/players/KB-{n:06}" for n in range(1, 11)]
    for path in known:
        await gateway.get(path)
    load = Load(gateway, known)
    running = asyncio.create_task(load.run())

    for faults in (FAULTS["status 503"][0], WELL, FAULTS["disconnect"][0], WELL):
        gateway.clock.advance(150)
        gateway.simulator.control(**faults)
        await load.more(5 * CLIENTS)
    load.is_over = True
    await running

    assert {answer.status_code for path, answer in load.answers if path in known} == {200}
    assert set(load.statuses_of_strangers) <= {200, 502, 503}
    gateway.clock.advance(150)
    assert (await gateway.get("/api/v1/players/KB-000999")).status_code == 200


class Load:
    """Asks for known players and strangers, many at once, and keeps every answer."""

    def __init__(self, gateway: Gateway, known: list[str]) -> None:
        self.answers: list[tuple[str, httpx.Response]] = []
        self.is_over = False
        self._gateway = gateway
        self._known = known
        self._random = random.Random(1)

    @property
    def statuses_of_strangers(self) -> Counter[int]:
        return Counter(
            answer.status_code for path, answer in self.answers if path not in self._known
        )

    async def run(self, *, asks: int = 1_000_000) -> None:
        """Ask so often with each client, or until it is over."""
        await asyncio.gather(*[self._ask(asks) for _ in range(CLIENTS)])

    async def more(self, count: int) -> None:
        """Wait until so many more answers came."""
        goal = len(self.answers) + count
        async with asyncio.timeout(30):
            while len(self.answers) < goal:  # noqa: ASYNC110 - nobody tells
                await asyncio.sleep(0)

    async def _ask(self, asks: int) -> None:
        for _ in range(asks):
            if self.is_over:
                return
            path = self._random.choice(self._known)
            if self._random.random() < 0.3:
                path = f"/api/v1/players/KB-{self._random.randrange(100, 1000):06}"
            self.answers.append((path, await self._gateway.get(path)))


def assert_tells_nothing(answer: httpx.Response) -> None:
    """Nothing that the source said, and nothing of where it is, reaches a client."""
    shown = f"{answer.headers}{answer.text}"
    for inside in (SOURCE_HOST, "internal", "Traceback", "Error(", "simulated", "elsewhere"):
        assert inside not in shown
