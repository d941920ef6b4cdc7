"""Limits that were reached, and buckets that could not be: counted, the latter logged."""

from functools import cache

import structlog
from prometheus_client import CollectorRegistry, Counter

from plg.adapters.telemetry.observer import SECONDS_BETWEEN_LINES
from plg.application.ports.clock import ClockPort
from plg.application.ports.limits import LimitsObserverPort
from plg.domain.errors import LimiterUnavailable

_log = structlog.get_logger("plg.limits")


class TelemetryLimitsObserver(LimitsObserverPort):
    """Counts everything; logs failures at most every five seconds."""

    def __init__(self, registry: CollectorRegistry, clock: ClockPort) -> None:
        self._clock = clock
        self._silent_until = 0.0
        limited = Counter(
            "plg_rate_limited", "Requests refused by a rate limit", ["tier"], registry=registry
        )
        self._failures = Counter(
            "plg_limiter_failures",
            "Requests for which the shared buckets did not answer",
            ["denied"],
            registry=registry,
        )
        self._limited = cache(limited.labels)  # there are many of them when it matters

    def limited(self, tier: str) -> None:
        self._limited(tier).inc()

    def limiter_failed(self, error: LimiterUnavailable, *, denied: bool) -> None:
        self._failures.labels("yes" if denied else "no").inc()
        now = self._clock.monotonic()
        if now >= self._silent_until:
            self._silent_until = now + SECONDS_BETWEEN_LINES
            cause = error.__cause__ or error
            _log.warning("limiter failed", reason=str(error), cause=str(cause)[:300])
