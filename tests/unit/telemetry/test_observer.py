"""What happens inside, counted and logged."""

from collections.abc import Iterator

import pytest
import structlog
from prometheus_client import CollectorRegistry
from structlog.typing import EventDict

from plg.adapters.telemetry.observer import SECONDS_BETWEEN_LINES, TelemetryObserver
from plg.domain.errors import (
    SourceBroken,
    SourceBusy,
    SourceError,
    SourceFailed,
    SourceFault,
    SourceTimeout,
    SourceUnavailable,
    StorageUnavailable,
)
from tests.fakes.clock import StoppedClock


@pytest.fixture
def registry() -> CollectorRegistry:
    return CollectorRegistry()


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock()


@pytest.fixture
def observer(registry: CollectorRegistry, clock: StoppedClock) -> TelemetryObserver:
    return TelemetryObserver(registry, clock)


@pytest.fixture
def logs() -> Iterator[list[EventDict]]:
    with structlog.testing.capture_logs() as lines:
        yield lines


def test_reads_are_counted_by_tier(
    observer: TelemetryObserver, registry: CollectorRegistry
) -> None:
    observer.cache_read("sql", found=True)
    observer.cache_read("sql", found=False)
    observer.cache_read("sql", found=False)

    assert [
        registry.get_sample_value("plg_cache_reads_total", {"tier": "sql", "found": found})
        for found in ("yes", "no")
    ] == [1, 2]


def test_collapsed_lookups_are_counted(
    observer: TelemetryObserver, registry: CollectorRegistry
) -> None:
    observer.collapsed("players")

    assert registry.get_sample_value("plg_collapsed_total", {"resource": "players"}) == 1


def test_calls_are_counted_and_timed(
    observer: TelemetryObserver, registry: CollectorRegistry
) -> None:
    observer.source_called("players", "match", 0.25)
    labels = {"resource": "players"}

    assert registry.get_sample_value("plg_source_calls_total", {**labels, "result": "match"}) == 1
    assert registry.get_sample_value("plg_source_call_duration_seconds_sum", labels) == 0.25


@pytest.mark.parametrize(
    ("error", "result"),
    [
        (SourceFailed("no"), "source_failed"),
        (SourceTimeout("slow"), "source_timeout"),
        (SourceBusy("full"), "source_busy"),
        (SourceUnavailable("open"), "source_unavailable"),
        *((SourceBroken(fault, "garbage"), fault.value) for fault in SourceFault),
    ],
)
def test_each_kind_of_failure_is_told_apart(
    observer: TelemetryObserver, registry: CollectorRegistry, error: SourceError, result: str
) -> None:
    observer.source_failed("players", error, 1)

    labels = {"resource": "players", "result": result}
    assert registry.get_sample_value("plg_source_calls_total", labels) == 1


@pytest.mark.parametrize("error", [SourceBusy("full"), SourceUnavailable("open")])
def test_what_was_not_asked_took_no_time_and_no_line(
    observer: TelemetryObserver,
    registry: CollectorRegistry,
    logs: list[EventDict],
    error: SourceError,
) -> None:
    observer.source_failed("players", error, 1)
    labels = {"resource": "players"}

    assert registry.get_sample_value("plg_source_call_duration_seconds_count", labels) is None
    assert logs == []


def test_a_failure_is_logged_with_its_reason(
    observer: TelemetryObserver, logs: list[EventDict]
) -> None:
    observer.source_failed("players", SourceFailed("refused", status=503), 0.1234)

    assert logs == [
        {
            "event": "source failed",
            "log_level": "warning",
            "resource": "players",
            "result": "source_failed",
            "reason": "refused",
            "status": 503,
            "seconds": 0.123,
        }
    ]


def test_the_same_kind_of_failure_is_logged_once_in_a_while(
    observer: TelemetryObserver, clock: StoppedClock, logs: list[EventDict]
) -> None:
    for _ in range(3):
        observer.source_failed("players", SourceTimeout("slow"), 1)
    clock.advance(SECONDS_BETWEEN_LINES)
    observer.source_failed("players", SourceTimeout("slow"), 1)

    assert len(logs) == 2


def test_different_kinds_of_failure_are_each_logged(
    observer: TelemetryObserver, logs: list[EventDict]
) -> None:
    observer.source_failed("players", SourceTimeout("slow"), 1)
    observer.source_failed("players", SourceBroken(SourceFault.JSON, "garbage"), 1)

    assert [line["result"] for line in logs] == ["source_timeout", "wrong_json"]


def test_a_tier_that_fails_is_counted_and_logged_with_the_cause(
    observer: TelemetryObserver, registry: CollectorRegistry, logs: list[EventDict]
) -> None:
    error = StorageUnavailable("the cache database failed")
    error.__cause__ = OSError("disk full")
    observer.cache_failed("sql", error)
    observer.cache_failed("sql", error)

    assert registry.get_sample_value("plg_cache_failures_total", {"tier": "sql"}) == 2
    assert [(line["reason"], line["cause"]) for line in logs] == [
        ("the cache database failed", "disk full")
    ]


def test_work_in_the_background_that_fails_is_counted_and_logged_once_in_a_while(
    observer: TelemetryObserver,
    registry: CollectorRegistry,
    clock: StoppedClock,
    logs: list[EventDict],
) -> None:
    for seconds in (0, 1, SECONDS_BETWEEN_LINES):
        clock.advance(seconds)
        observer.background_failed("sweep", StorageUnavailable("the database is down"))

    assert [(line["job"], line["reason"]) for line in logs] == [
        ("sweep", "the database is down")
    ] * 2
    assert registry.get_sample_value("plg_background_failed_total", {"job": "sweep"}) == 3


def test_work_that_has_ended_is_counted_and_logged_with_its_error(
    observer: TelemetryObserver, registry: CollectorRegistry, logs: list[EventDict]
) -> None:
    error = ZeroDivisionError("a fault")
    observer.work_ended("ledger", error)

    assert registry.get_sample_value("plg_background_ended_total", {"work": "ledger"}) == 1
    assert [(line["log_level"], line["work"], line["exc_info"]) for line in logs] == [
        ("error", "ledger", error)
    ]
