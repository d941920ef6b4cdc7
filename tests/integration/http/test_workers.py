"""Several worker processes on one socket and on the same SQLite files."""

import json
import re
import signal
import sqlite3
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from tests.integration.cli.processes import Running, started
from tests.ports import reserved_port

KEY = "service-key-of-the-workers"
PURGE_SECONDS = 5.0
LIVE = "/health/live"


@dataclass
class Workers:
    """A gateway of two workers, its source, and what its workers answer."""

    folder: Path
    gateway: Running
    address: str
    source: str
    env: dict[str, str]
    asked: int = field(default=0)

    def get(self, path: str) -> httpx.Response:
        """Ask on a connection of its own, which any worker may accept."""
        self.asked += 1
        return httpx.get(f"{self.address}{path}", headers={"X-API-Key": KEY}, timeout=10)

    def each(self, path: str) -> dict[str, httpx.Response]:
        """Ask until both workers have answered; a generated request id begins with the process."""
        answers: dict[str, httpx.Response] = {}
        for _ in range(200):
            answer = self.get(path)
            answers[answer.headers["x-request-id"].split("-")[0]] = answer
            if len(answers) == 2:
                return answers
        raise AssertionError("one worker never answered")

    def control(self, **faults: object) -> None:
        httpx.put(f"{self.source}/_control", json=faults).raise_for_status()

    def calls(self, key: str) -> int:
        """Return how often the source was asked for a player."""
        stats = httpx.get(f"{self.source}/_stats").json()
        count: int = stats["by_key"].get(key, 0)
        return count

    def cached(self) -> set[str]:
        """Return what is in the durable tier."""
        path = self.folder / "data" / "cache.sqlite3"
        with closing(sqlite3.connect(path, timeout=10)) as connection:
            return {key for (key,) in connection.execute("SELECT record_key FROM cache_entries")}

    def purge(self, *what: str) -> None:
        with started(self.folder, "cache", "purge", *what, env=self.env) as purging:
            assert purging.wait() == 0, purging.stderr


@dataclass(frozen=True)
class Ended:
    """What became known of workers that were told to stop while one of them had to wait."""

    answers: list[httpx.Response]
    was_closed_before_it_ended: bool
    status: int
    asked: int
    log: str


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of a simulated source."""
    port = str(reserved_port())
    with started(tmp_path_factory.mktemp("source"), "simulate", "--port", port, env={}) as source:
        source.until(lambda: "Simulated source" in source.stderr)
        yield f"http://127.0.0.1:{port}"


@pytest.fixture(scope="module")
def shared(source: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workers]:
    """Return workers that live as long as nobody ends them."""
    with at_work(source, tmp_path_factory.mktemp("workers")) as workers:
        yield workers


@pytest.fixture
def workers(source: str, tmp_path: Path) -> Iterator[Workers]:
    with at_work(source, tmp_path) as workers:
        yield workers


@pytest.fixture(scope="module")
def ended(source: str, tmp_path_factory: pytest.TempPathFactory) -> Ended:
    with at_work(source, tmp_path_factory.mktemp("ended")) as workers:
        workers.each("/api/v1/players/KB-000601")
        workers.get("/nowhere?killer_bi_id=secret-looking")
        workers.control(latency=4)
        answers: list[httpx.Response] = []
        path = "/api/v1/players/KB-000609"
        asking = threading.Thread(target=lambda: answers.append(workers.get(path)))
        asking.start()
        eventually(lambda: httpx.get(f"{source}/_stats").json()["in_flight"] == 1, within=5)
        workers.control(latency=0)
        workers.gateway.process.send_signal(signal.SIGTERM)
        eventually(lambda: refuses(workers.address), within=3)
        is_at_work = workers.gateway.process.poll() is None
        status = workers.gateway.wait()
        asking.join()
        return Ended(answers, is_at_work, status, workers.asked, workers.gateway.stderr)


@contextmanager
def at_work(source: str, folder: Path) -> Iterator[Workers]:
    port = reserved_port()
    env = {
        "API_PORT": str(port),
        "API_KEY": KEY,
        "API_WORKERS": "2",
        "EXTERNAL_API_BASE_URL": source,
    }
    with started(folder, "serve", env=env) as gateway:
        gateway.until(lambda: "PLG answers" in gateway.stderr)
        yield Workers(folder, gateway, f"http://127.0.0.1:{port}", source, env)


def shown(workers: Workers) -> int:
    """Return how many lookups all workers together say they answered."""
    text = httpx.get(f"{workers.address}/metrics").text
    sample = re.compile(
        r'^plg_http_requests_total\{.*route="/api/v1/players/.*\} (\S+)$', re.MULTILINE
    )
    return int(sum(map(float, sample.findall(text))))


def eventually(holds: Callable[[], bool], *, within: float) -> None:
    end = time.monotonic() + within
    while not holds():
        assert time.monotonic() < end, "it did not come to that in time"
        time.sleep(0.05)


def test_both_answer_and_share_what_one_has_fetched(shared: Workers) -> None:
    shared.get("/api/v1/players/KB-000501")
    eventually(lambda: "KB-000501" in shared.cached(), within=10)

    bodies = {answer.content for answer in shared.each("/api/v1/players/KB-000501").values()}

    assert len(bodies) == 1
    assert shared.calls("KB-000501") == 1


def test_a_purge_by_another_process_is_obeyed_by_both(shared: Workers) -> None:
    path, other = "/api/v1/players/KB-000001", "/api/v1/players/KB-000002"
    before = {answer.headers["etag"] for answer in shared.each(path).values()}
    kept = {answer.headers["etag"] for answer in shared.each(other).values()}
    shared.control(version=2)
    assert {answer.headers["etag"] for answer in shared.each(path).values()} == before

    shared.purge("KB-000001")

    def is_obeyed() -> bool:
        tags = {answer.headers["etag"] for answer in shared.each(path).values()}
        return not tags & before

    eventually(is_obeyed, within=PURGE_SECONDS)
    assert {answer.headers["etag"] for answer in shared.each(other).values()} == kept


def test_the_figures_of_both_are_added_up(shared: Workers) -> None:
    eventually(lambda: shown(shared) == shared.asked, within=10)
    for number in range(1, 21):
        shared.each(f"/api/v1/players/KB-{number:06}")

    eventually(lambda: shown(shared) == shared.asked, within=10)


def test_a_request_in_flight_is_finished_and_the_exit_is_clean(ended: Ended) -> None:
    assert [answer.status_code for answer in ended.answers] == [200]
    assert ended.status == 0


def test_while_they_finish_nobody_else_is_let_in(ended: Ended) -> None:
    assert ended.was_closed_before_it_ended


def test_a_worker_that_dies_is_replaced(workers: Workers) -> None:
    first = set(workers.each(LIVE))
    victim = first.pop()
    pids = children(workers.gateway.process.pid)
    subprocess.run(["kill", "-9", str(pids[0])], check=True)

    eventually(lambda: set(workers.each(LIVE)) != {victim, *first}, within=10)

    assert workers.get("/api/v1/players/KB-000001").status_code == 200
    (death,) = [line for line in workers.gateway.stderr.splitlines() if "worker has died" in line]
    told = json.loads(death)
    assert (told["level"], told["pid"], told["status"]) == ("warning", pids[0], -signal.SIGKILL)
    assert "plg_worker_deaths_total 1.0" in httpx.get(f"{workers.address}/metrics").text


def test_workers_do_not_outlive_a_killed_parent(workers: Workers) -> None:
    workers.each(LIVE)
    pids = children(workers.gateway.process.pid)
    workers.gateway.process.kill()
    workers.gateway.wait()

    eventually(lambda: not any(is_running(pid) for pid in pids), within=10)


def test_a_worker_whose_parent_was_killed_before_it_served_ends_too(tmp_path: Path) -> None:
    env = {
        "API_PORT": str(reserved_port()),
        "API_WORKERS": "2",
        "EXTERNAL_API_BASE_URL": "http://127.0.0.1:9",
    }
    with started(tmp_path, "serve", env=env) as gateway:
        pids = gateway.until(lambda: children(gateway.process.pid))
        gateway.process.kill()

    eventually(lambda: not any(is_running(pid) for pid in pids), within=60)


def test_each_line_of_the_log_is_a_json_object(ended: Ended) -> None:
    lines = [line for line in ended.log.splitlines() if line.startswith("{")]
    requests = [line for line in map(json.loads, lines) if line["event"] == "request"]
    asked = [line for line in requests if line["route"] != LIVE]
    assert len(asked) == ended.asked
    assert {"method", "route", "status", "outcome", "ms", "request_id", "caller", "timestamp",
            "level"} <= requests[0].keys()  # fmt: skip
    assert KEY not in ended.log
    assert "secret-looking" not in ended.log


def refuses(address: str) -> bool:
    try:
        httpx.get(f"{address}{LIVE}", timeout=0.5)
    except httpx.ConnectError:
        return True
    except httpx.TransportError:
        pass  # let in, and left without an answer
    return False


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z"
    except FileNotFoundError:
        return False


def children(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    workers = []
    for child in map(int, listed.split()):
        command = Path(f"/proc/{child}/cmdline").read_bytes()
        if b"spawn_main" in command:
            workers.append(child)
    return workers
