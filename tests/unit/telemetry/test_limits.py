"""Limits that were reached, counted."""

import pytest
from prometheus_client import CollectorRegistry

from plg.adapters.telemetry.limits import TelemetryLimitsObserver


@pytest.fixture
def registry() -> CollectorRegistry:
    return CollectorRegistry()


@pytest.fixture
def observer(registry: CollectorRegistry) -> TelemetryLimitsObserver:
    return TelemetryLimitsObserver(registry)


def test_refusals_are_counted_by_tier(
    observer: TelemetryLimitsObserver, registry: CollectorRegistry
) -> None:
    for tier in ("burst", "search", "burst"):
        observer.limited(tier)

    counts = [
        registry.get_sample_value("plg_rate_limited_total", {"tier": tier})
        for tier in ("burst", "search")
    ]
    assert counts == [2, 1]
