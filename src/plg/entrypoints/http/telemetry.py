"""One log line and three figures for every request, whichever way it went."""

import random
from bisect import bisect_left
from collections.abc import Iterator
from typing import Final

import structlog
from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

BUCKETS: Final = (
    0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
)  # fmt: skip
SERVER_ERROR: Final = 500

_log = structlog.get_logger("plg.request")


class _Tally:
    """Requests of one route, status and outcome: plain numbers, which cost a tenth of a metric."""

    __slots__ = ("buckets", "count", "seconds")

    def __init__(self) -> None:
        self.count = 0
        self.seconds = 0.0
        self.buckets = [0] * (len(BUCKETS) + 1)


class RequestTelemetry(Collector):
    """
    Counts and times requests, and logs a share of them: answers from 500 up always.

    Args:
        log_ratio: Share of requests that get a log line, 0 to 1; 0 logs none at all.
    """

    def __init__(self, registry: CollectorRegistry, *, log_ratio: float) -> None:
        self._log_ratio = log_ratio
        self._tallies: dict[tuple[str, int, str], _Tally] = {}
        registry.register(self)

    def record(
        self,
        method: bytes,
        route: str,
        status: int,
        outcome: str,
        seconds: float,
        request_id: bytes,
        caller_id: str,
    ) -> None:
        """Take note of one request that is over."""
        tally = self._tallies.get((route, status, outcome))
        if tally is None:
            tally = self._tallies[route, status, outcome] = _Tally()
        tally.count += 1
        tally.seconds += seconds
        tally.buckets[bisect_left(BUCKETS, seconds)] += 1
        if self._log_ratio and self._is_drawn(status):
            _log.info(
                "request",
                method=method.decode(),
                route=route,
                status=status,
                outcome=outcome,
                ms=round(seconds * 1000, 3),
                request_id=request_id.decode(),
                caller=caller_id,
            )

    def collect(self) -> Iterator[Metric]:
        labels = ["route", "status", "outcome"]
        requests = CounterMetricFamily("plg_http_requests", "Requests answered", labels=labels)
        seconds = HistogramMetricFamily(
            "plg_http_request_duration_seconds",
            "From the request's head to the answer's end",
            labels=labels,
        )
        for (route, status, outcome), tally in list(self._tallies.items()):
            values = [route, str(status), outcome]
            requests.add_metric(values, tally.count)
            seconds.add_metric(values, _cumulative(tally.buckets), tally.seconds)
        yield requests
        yield seconds

    def _is_drawn(self, status: int) -> bool:
        if self._log_ratio == 1 or status >= SERVER_ERROR:
            return True
        return random.random() < self._log_ratio  # noqa: S311 - no secret depends on it


def _cumulative(counts: list[int]) -> list[tuple[str, float]]:
    bounds = [*(str(float(bound)) for bound in BUCKETS), "+Inf"]
    total = 0
    buckets: list[tuple[str, float]] = []
    for bound, count in zip(bounds, counts, strict=True):
        total += count
        buckets.append((bound, total))
    return buckets
