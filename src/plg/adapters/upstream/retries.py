"""Try again, but never so often that retries become the load."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

from plg.domain.errors import SourceError, SourceFailed, SourceTimeout

T = TypeVar("T")

RETRYABLE_STATUSES: Final = frozenset({502, 503, 504})
FIRST_WAIT: Final = 0.05
WAIT_MAX: Final = 2.0


class RetryBudget:
    """
    Allows one retry for every five calls, and ten at the start.

    A token bucket over calls, not time (as in Finagle's RetryBudget): when everything fails,
    the source gets at most a fifth more than its ordinary load.
    """

    PER_CALL: Final = 0.2
    TOKENS_MAX: Final = 10.0

    def __init__(self) -> None:
        self._tokens = self.TOKENS_MAX

    def deposit(self) -> None:
        """Count a call."""
        self._tokens = min(self.TOKENS_MAX, self._tokens + self.PER_CALL)

    def withdraw(self) -> bool:
        """Take one retry, and tell whether there was one."""
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True


class Retries:
    """
    Repeats a call that failed in a way that may pass: up to `retries_max` times, in budget.

    Waits double from 50 ms, with full jitter; `Retry-After` is obeyed up to 2 s, and past
    that there is no retry, because the caller would not wait so long.
    """

    def __init__(
        self, retries_max: int, *, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    ) -> None:
        self._retries_max = retries_max
        self._sleep = sleep
        self._budget = RetryBudget()

    async def run(self, call: Callable[[], Awaitable[T]]) -> T:
        """Return what `call` returns, or raise what its last attempt raised."""
        self._budget.deposit()
        tries = 0
        while True:
            try:
                return await call()
            except SourceError as error:
                may_retry = tries < self._retries_max and _may_pass(error)
                if not may_retry or not self._budget.withdraw():
                    raise
                backoff = random.uniform(0, FIRST_WAIT * 2**tries)  # noqa: S311 - no secret
                wait = error.retry_after or backoff
            tries += 1
            await self._sleep(wait)


def _may_pass(error: SourceError) -> bool:
    if (error.retry_after or 0.0) > WAIT_MAX:
        return False
    if isinstance(error, SourceFailed):
        return error.status is None or error.status in RETRYABLE_STATUSES
    return isinstance(error, SourceTimeout)
