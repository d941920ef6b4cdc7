"""Not faster than agreed."""

import asyncio
from collections.abc import Awaitable, Callable

from plg.application.ports.clock import ClockPort


class Throttle:
    """Lets `per_second` pass in a second, evenly: time that nobody used is not made up for."""

    def __init__(
        self,
        per_second: float,
        clock: ClockPort,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._gap = 1.0 / per_second
        self._clock = clock
        self._sleep = sleep
        self._next = 0.0

    async def wait(self) -> None:
        """Return when it is the caller's turn."""
        now = self._clock.monotonic()
        turn = max(now, self._next)
        self._next = turn + self._gap
        if turn > now:
            await self._sleep(turn - now)
