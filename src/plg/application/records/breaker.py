"""Leave a failing source in peace (Nygard, "Release It!", circuit breaker)."""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum

from plg.application.ports.clock import ClockPort
from plg.domain.errors import SourceError, SourceFailed, SourceUnavailable, Unreachable

RETRY_AFTER_MAX = 60.0
"""Seconds: a source that asks for more is probed earlier all the same."""


class BreakerState(StrEnum):
    """Closed lets calls through, open refuses them, half-open tests with one probe."""

    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half-open"


class Breaker:
    """
    Opens after `failures_max` failures in a row; after `open_seconds` one probe at a time.

    Only the outcome of calls let through in the present state counts: a straggler from
    before it opened neither closes it nor stands in for the probe.

    Attributes:
        cause: Why there was no connection, where that was the last failure before it opened.
    """

    def __init__(self, clock: ClockPort, *, failures_max: int, open_seconds: float) -> None:
        self._clock = clock
        self._failures_max = failures_max
        self._open_seconds = open_seconds
        self.cause: Unreachable | None = None
        self._failures = 0
        self._open_until: float | None = None
        self._is_probing = False
        self._generation = 0

    @property
    def state(self) -> BreakerState:
        """The state at this moment."""
        if self._open_until is None:
            return BreakerState.CLOSED
        if self._clock.monotonic() < self._open_until:
            return BreakerState.OPEN
        return BreakerState.HALF_OPEN

    def check(self) -> None:
        """
        Refuse a call that would not be let through now.

        Raises:
            SourceUnavailable: If it is open, or the probe is under way.
        """
        if self._open_until is None:
            return
        left = self._open_until - self._clock.monotonic()
        if left > 0 or self._is_probing:
            detail = "the source failed repeatedly and is left alone for a while"
            raise SourceUnavailable(detail, retry_after=max(left, 1.0))

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """
        Let one call through, and learn from how it ends.

        Raises:
            SourceUnavailable: As in `check`.
        """
        self.check()
        generation = self._generation
        self._is_probing = self._open_until is not None
        try:
            yield
        except SourceError as error:
            if generation == self._generation:
                self._learn(error)
            raise
        except BaseException:
            if generation == self._generation:
                self._is_probing = False
            raise
        else:
            if generation == self._generation:
                self._close()

    def _learn(self, error: SourceError) -> None:
        if not error.is_outage:
            self._close()
            return
        self._failures += 1
        if self._is_probing or self._failures >= self._failures_max:
            self.cause = error.cause if isinstance(error, SourceFailed) else None
            self._open(error.retry_after or 0.0)

    def _open(self, at_least: float) -> None:
        span = max(self._open_seconds, min(at_least, RETRY_AFTER_MAX))
        self._open_until = self._clock.monotonic() + span
        self._is_probing = False
        self._generation += 1

    def _close(self) -> None:
        self._failures = 0
        if self._open_until is not None:
            self._open_until = None
            self._is_probing = False
            self._generation += 1
