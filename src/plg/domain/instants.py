"""How much time has passed since something was stamped, by a clock that may be set back."""

from math import inf
from typing import Final

AHEAD_SECONDS: Final = 5.0
"""So much may a stamp be ahead of the clock: hosts differ a little, and clocks are corrected."""


def elapsed(since: float, now: float) -> float:
    """
    Return the seconds from `since` until `now`: never negative, and infinite where unknown.

    It is unknown where `since` is more than 5 s ahead: the clock was set back since, and how
    long ago that was is not told by it. What holds for a while is then over.
    """
    seconds = now - since
    if seconds >= 0.0:
        return seconds
    return 0.0 if seconds >= -AHEAD_SECONDS else inf
