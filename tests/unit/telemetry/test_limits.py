"""Limits that were reached, counted; limiters that failed, logged."""

from collections.abc import Iterator

import pytest
import structlog
from prometheus_client import CollectorRegistry
from structlog.typing import EventDict

from plg.adapters.telemetry.limits import TelemetryLimitsObserver
from plg.adapters.telemetry.observer import SECONDS_BETWEEN_LINES
from plg.domain.errors import LimiterUnavailable
from tests.fakes.clock import StoppedClock


@pytest.fixture
def registry() -> CollectorRegistry:
    return CollectorRegistry()


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock()


@pytest.fixture
def observer(registry: CollectorRegistry, clock: StoppedClock) -> TelemetryLimitsObserver:
    return TelemetryLimitsObserver(registry, clock)


@pytest.fixture
def logs() -> Iterator[list[EventDict]]:
    with structlog.testing.capture_logs() as lines:
        yield lines


def test_refusals_are_counted_by_tier(
    observer: TelemetryLimitsObserver, registry: CollectorRegistry, logs: list[EventDict]
) -> None:
    for tier in ("burst", "search", "burst"):
        observer.limited(tier)

    counts = [
        registry.get_sample_value("plg_rate_limited_total", {"tier": tier})
        for tier in ("burst", "search")
    ]
    assert counts == [2, 1]
    assert logs == []


def test_failures_are_counted_by_what_came_of_them(
    observer: TelemetryLimitsObserver, registry: CollectorRegistry
) -> None:
    for denied in (True, False, False):
        observer.limiter_failed(LimiterUnavailable("down"), denied=denied)

    counts = [
        registry.get_sample_value("plg_limiter_failures_total", {"denied": denied})
        for denied in ("yes", "no")
    ]
    assert counts == [1, 2]


def test_a_failure_is_logged_with_its_cause_once_in_a_while(
    observer: TelemetryLimitsObserver, clock: StoppedClock, logs: list[EventDict]
) -> None:
    error = LimiterUnavailable("down")
    error.__cause__ = OSError("refused")
    for _ in range(3):
        observer.limiter_failed(error, denied=False)
    clock.advance(SECONDS_BETWEEN_LINES)
    observer.limiter_failed(LimiterUnavailable("down"), denied=True)

    assert [(line["reason"], line["cause"]) for line in logs] == [
        ("down", "refused"),
        ("down", "down"),
    ]
