"""Time."""

from abc import abstractmethod
from typing import Protocol


class ClockPort(Protocol):
    """Tells the time; a test's clock stands still until it is moved."""

    @abstractmethod
    def now(self) -> float:
        """Seconds since the epoch: for what is stored or shown."""

    @abstractmethod
    def monotonic(self) -> float:
        """Seconds that never go back: for measuring spans within one process."""
