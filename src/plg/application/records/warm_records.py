"""Have records cached before anybody asks for them."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, Generic, TypeVar

from plg.application.ports.clock import ClockPort
from plg.application.records.read_through import ReadThrough
from plg.application.records.throttle import Throttle
from plg.domain.errors import (
    InvalidParameter,
    NoMatch,
    NotCached,
    SourceBusy,
    SourceError,
    SourceUnavailable,
)
from plg.domain.records.freshness import RequestDirectives
from plg.domain.records.lookups import Lookup, Outcome
from plg.domain.records.record_keys import RecordKey

K = TypeVar("K", bound=RecordKey)
STILL_FRESH: Final = RequestDirectives(min_fresh=0.0)
FRESH_IN_CACHE: Final = RequestDirectives(min_fresh=0.0, only_if_cached=True)


class WarmResult(StrEnum):
    """What can become of an id."""

    WARMED = "warmed"
    FRESH = "already fresh"
    NO_MATCH = "no match"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Warmed:
    """An id as it was given, its outcome, and why it failed if it did."""

    text: str
    result: WarmResult
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class WarmRecords(Generic[K]):
    """
    Look up each id of a list, several at a time and at a pace, and tell in their order.

    Nobody asks but the operator: no caller's limits are spent.
    Only lookups that ask the source keep the pace. While the breaker is open they wait, up to
    `patience_seconds`: a source that is down for a moment costs time, not failures.
    """

    records: ReadThrough[K, Any]
    parse: Callable[[str], K]
    clock: ClockPort
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep
    patience_seconds: float = 30.0

    async def __call__(
        self, ids: Iterable[str], *, per_second: float, at_once: int
    ) -> AsyncGenerator[Warmed, None]:
        """
        Yield the outcome of each id; ids after the one last yielded may be under way.

        Raises:
            SourceUnavailable: If the source stays down: the rest of the list can wait.
        """
        throttle = Throttle(per_second, self.clock, self.sleep)
        ahead: deque[asyncio.Task[Warmed]] = deque()
        try:
            for text in ids:
                ahead.append(asyncio.ensure_future(self._warm(text, throttle)))
                if len(ahead) == at_once:
                    yield await ahead.popleft()
            while ahead:
                yield await ahead.popleft()
        finally:
            for task in ahead:
                task.cancel()
            await asyncio.gather(*ahead, return_exceptions=True)

    async def _warm(self, text: str, throttle: Throttle) -> Warmed:
        try:
            key = self.parse(text)
            if await self._is_fresh(key):
                return Warmed(text, WarmResult.FRESH)
            lookup = await self._fetch(key, throttle)
        except NoMatch:
            return Warmed(text, WarmResult.NO_MATCH)
        except SourceUnavailable:
            raise
        except (InvalidParameter, SourceError) as error:
            return Warmed(text, WarmResult.FAILED, error.code)
        if lookup.outcome is Outcome.STALE_IF_ERROR:
            return Warmed(text, WarmResult.FAILED, SourceError.code)
        return Warmed(
            text, WarmResult.FRESH if lookup.outcome is Outcome.HIT else WarmResult.WARMED
        )

    async def _is_fresh(self, key: K) -> bool:
        try:
            await self.records(key, FRESH_IN_CACHE)
        except NotCached:
            return False
        return True

    async def _fetch(self, key: K, throttle: Throttle) -> Lookup:
        end = self.clock.monotonic() + self.patience_seconds
        while True:
            await throttle.wait()
            try:
                lookup = await self.records(key, STILL_FRESH)
                if not _was_not_asked(lookup):
                    return lookup
                wait = 1.0
                failure = SourceUnavailable("the source is left alone for a while")
            except (SourceUnavailable, SourceBusy) as error:
                wait = error.retry_after or 1.0
                failure = SourceUnavailable(str(error))
            if self.clock.monotonic() + wait > end:
                raise failure
            await self.sleep(wait)


def _was_not_asked(lookup: Lookup) -> bool:
    return lookup.outcome is Outcome.STALE_IF_ERROR and lookup.forward is None
