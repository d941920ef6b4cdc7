"""How long somebody who failed to log in has to wait."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Failures:
    """
    Consecutive failures of a subject.

    Attributes:
        last_at: When the last one was; 0 where there was none.
    """

    count: int = 0
    last_at: float = 0.0
