"""How long somebody who failed to log in has to wait, and what counts as one place."""

import ipaddress
import math
from dataclasses import dataclass
from typing import Final

from plg.domain.instants import elapsed

FREE_FAILURES: Final = 5
FREE_FAILURES_OF_ADDRESS: Final = 20
"""More than of an account: a whole office may share an address."""

WAIT_SECONDS_MAX: Final = 900.0
FAILURES_MAX: Final = 100
_DOUBLINGS_MAX: Final = 10
_IPV6_PLACE_BITS: Final = 64


@dataclass(frozen=True, slots=True)
class Failures:
    """
    Consecutive failures of a subject.

    Attributes:
        last_at: When the last one was; 0 where there was none.
    """

    count: int = 0
    last_at: float = 0.0

    def and_one_more(self, now: float) -> "Failures":
        """Return them with one that is now; of hosts a little apart, the later clock counts."""
        later = self.last_at if elapsed(self.last_at, now) == 0.0 else now
        return Failures(self.count + 1, later)


@dataclass(frozen=True, slots=True)
class Patience:
    """
    How failures of a kind of subject are borne.

    Attributes:
        free: Failures without a wait; after them it is 1, 2, 4, ... seconds up to 15 minutes.
        ends: Whether there is an end of it at 100.
    """

    free: int = FREE_FAILURES
    ends: bool = False

    def wait_seconds(self, failures: Failures, now: float) -> float:
        """Return how long it is until the next attempt is heard; infinite at the end."""
        if self.ends and failures.count >= FAILURES_MAX:
            return math.inf
        if failures.count < self.free:
            return 0.0
        doublings = min(failures.count - self.free, _DOUBLINGS_MAX)
        pause = min(2.0**doublings, WAIT_SECONDS_MAX)
        return max(pause - elapsed(failures.last_at, now), 0.0)


UNKNOWN_PLACE: Final = Patience(ends=True)
"""Of all places together from which an account never logged in."""

KNOWN_PLACE: Final = Patience()
WHOLE_ADDRESS: Final = Patience(free=FREE_FAILURES_OF_ADDRESS)


def place_of(address: str | None) -> str:
    """Return the part of a client's address that one subscriber has: for IPv6 the /64."""
    try:
        parsed = ipaddress.ip_address((address or "").partition("%")[0])
    except ValueError:
        return "nowhere"
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((parsed, _IPV6_PLACE_BITS), strict=False))
