"""Limits that were reached, counted."""

from functools import cache

from prometheus_client import CollectorRegistry, Counter

from plg.application.ports.limits import LimitsObserverPort


class TelemetryLimitsObserver(LimitsObserverPort):
    """Counts refusals by tier."""

    def __init__(self, registry: CollectorRegistry) -> None:
        limited = Counter(
            "plg_rate_limited", "Requests refused by a rate limit", ["tier"], registry=registry
        )
        self._limited = cache(limited.labels)  # there are many of them when it matters

    def limited(self, tier: str) -> None:
        self._limited(tier).inc()
