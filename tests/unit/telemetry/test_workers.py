"""The figures of several workers, added up."""

import os
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry, Counter, Gauge, generate_latest

from plg.adapters.telemetry.workers import WorkerMetrics

NOBODYS_PID = 2**22 + 1  # beyond what Linux gives


class Worker:
    """A worker with a counter and a gauge, that publishes as another process."""

    def __init__(self, folder: Path) -> None:
        registry = CollectorRegistry()
        self.calls = Counter("plg_calls", "Calls", ["kind"], registry=registry)
        self.held = Gauge("plg_held", "Held", registry=registry)
        self.metrics = WorkerMetrics(registry, folder)

    def publish_as(self, pid: int, folder: Path) -> None:
        self.metrics.publish()
        (folder / f"{os.getpid()}.metrics").rename(folder / f"{pid}.metrics")

    def figure(self, name: str, **labels: str) -> float | None:
        seen = CollectorRegistry()
        seen.register(self.metrics)
        return seen.get_sample_value(name, labels)


@pytest.fixture
def ours(tmp_path: Path) -> Worker:
    return Worker(tmp_path / "run")


@pytest.fixture
def theirs(tmp_path: Path) -> Worker:
    return Worker(tmp_path / "run")


def test_alone_a_worker_shows_its_own_figures(ours: Worker) -> None:
    ours.calls.labels("a").inc(2)

    assert ours.figure("plg_calls_total", kind="a") == 2


def test_what_it_published_itself_is_not_counted_twice(ours: Worker) -> None:
    ours.calls.labels("a").inc(2)
    ours.metrics.publish()

    assert ours.figure("plg_calls_total", kind="a") == 2


def test_figures_of_a_sibling_are_added(ours: Worker, theirs: Worker, tmp_path: Path) -> None:
    ours.calls.labels("a").inc(2)
    ours.held.set(1)
    theirs.calls.labels("a").inc(3)
    theirs.calls.labels("b").inc(5)
    theirs.held.set(10)
    theirs.publish_as(os.getppid(), tmp_path / "run")

    assert [ours.figure("plg_calls_total", kind=kind) for kind in "ab"] == [5, 5]
    assert ours.figure("plg_held") == 11


def test_a_worker_that_ended_has_counted_but_holds_nothing(
    ours: Worker, theirs: Worker, tmp_path: Path
) -> None:
    theirs.calls.labels("a").inc(3)
    theirs.held.set(10)
    theirs.publish_as(NOBODYS_PID, tmp_path / "run")

    assert (ours.figure("plg_calls_total", kind="a"), ours.figure("plg_held")) == (3, 0)


def test_what_is_shown_is_text_for_prometheus(ours: Worker) -> None:
    ours.calls.labels("a").inc()
    seen = CollectorRegistry()
    seen.register(ours.metrics)

    assert b'plg_calls_total{kind="a"} 1.0' in generate_latest(seen)
