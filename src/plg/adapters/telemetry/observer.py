"""What happens inside, counted and, where somebody should look, logged."""

from collections import defaultdict
from functools import cache
from typing import Final

import structlog
from prometheus_client import CollectorRegistry, Counter, Histogram

from plg.application.ports.clock import ClockPort
from plg.application.ports.observer import ObserverPort
from plg.domain.errors import SourceBroken, SourceBusy, SourceError, SourceUnavailable

SECONDS_BETWEEN_LINES: Final = 5.0
SOURCE_BUCKETS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)

_log = structlog.get_logger("plg.reading")


class TelemetryObserver(ObserverPort):
    """Counts everything; logs failures, the same kind at most every five seconds."""

    def __init__(self, registry: CollectorRegistry, clock: ClockPort) -> None:
        self._clock = clock
        self._silent_until: defaultdict[str, float] = defaultdict(float)
        self._reads = Counter(
            "plg_cache_reads", "Reads of a durable tier", ["tier", "found"], registry=registry
        )
        self._cache_failures = Counter(
            "plg_cache_failures", "Operations a tier could not do", ["tier"], registry=registry
        )
        self._collapsed = Counter(
            "plg_collapsed",
            "Lookups that waited for another's call",
            ["resource"],
            registry=registry,
        )
        self._source_calls = Counter(
            "plg_source_calls", "Calls to the source", ["resource", "result"], registry=registry
        )
        self._source_seconds = Histogram(
            "plg_source_call_duration_seconds",
            "Calls to the source with their retries and the wait for their turn",
            ["resource"],
            buckets=SOURCE_BUCKETS,
            registry=registry,
        )
        self._background_failed = Counter(
            "plg_background_failed",
            "Times that a job in the background could not be done",
            ["job"],
            registry=registry,
        )
        self._ended = Counter(
            "plg_background_ended",
            "Work in the background that has ended by itself",
            ["work"],
            registry=registry,
        )
        # Binding labels costs more than counting, and a miss does it three times.
        self._read = cache(self._reads.labels)
        self._source_call = cache(self._source_calls.labels)
        self._source_second = cache(self._source_seconds.labels)

    def cache_read(self, tier: str, *, found: bool) -> None:
        self._read(tier, "yes" if found else "no").inc()

    def cache_failed(self, tier: str, error: Exception) -> None:
        self._cache_failures.labels(tier).inc()
        if self._may_log(f"cache {tier}"):
            cause = error.__cause__ or error
            _log.warning("cache tier failed", tier=tier, reason=str(error), cause=str(cause)[:300])

    def collapsed(self, resource: str) -> None:
        self._collapsed.labels(resource).inc()

    def source_called(self, resource: str, result: str, seconds: float) -> None:
        self._source_call(resource, result).inc()
        self._source_second(resource).observe(seconds)

    def source_failed(self, resource: str, error: SourceError, seconds: float) -> None:
        result = error.fault.value if isinstance(error, SourceBroken) else error.code
        self._source_calls.labels(resource, result).inc()
        if isinstance(error, SourceUnavailable | SourceBusy):
            return
        self._source_seconds.labels(resource).observe(seconds)
        if self._may_log(f"source {resource} {result}"):
            _log.warning(
                "source failed",
                resource=resource,
                result=result,
                reason=str(error)[:300],
                status=error.status,
                seconds=round(seconds, 3),
            )

    def background_failed(self, job: str, error: Exception) -> None:
        self._background_failed.labels(job).inc()
        if self._may_log(f"background {job}"):
            _log.warning("work in the background failed", job=job, reason=str(error)[:300])

    def work_ended(self, name: str, error: BaseException) -> None:
        self._ended.labels(name).inc()
        _log.error("work in the background has ended", work=name, exc_info=error)

    def _may_log(self, kind: str) -> bool:
        now = self._clock.monotonic()
        if now < self._silent_until[kind]:
            return False
        self._silent_until[kind] = now + SECONDS_BETWEEN_LINES
        return True
