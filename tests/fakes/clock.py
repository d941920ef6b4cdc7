"""Time that stands still."""

from plg.application.ports.clock import ClockPort

NOON = 1_700_000_000.0


class StoppedClock(ClockPort):
    """Moves only when told to."""

    def __init__(self, now: float = NOON) -> None:
        self._now = now
        self._monotonic = 1000.0

    def now(self) -> float:
        return self._now

    def monotonic(self) -> float:
        return self._monotonic

    def set_back(self, seconds: float) -> None:
        """Have the wall clock show less, as an operator or NTP does."""
        self._now -= seconds

    def advance(self, seconds: float) -> None:
        self._now += seconds
        self._monotonic += seconds
