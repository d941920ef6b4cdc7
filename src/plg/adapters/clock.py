"""The machine's clock."""

import time

from plg.application.ports.clock import ClockPort


class SystemClock(ClockPort):
    """Wall clock and monotonic clock of the machine."""

    def now(self) -> float:
        return time.time()

    def monotonic(self) -> float:
        return time.monotonic()
