"""The only way to the source: breaker, places, deadline, and somebody who takes note."""

import asyncio
from dataclasses import dataclass
from typing import Generic, TypeVar

from plg.application.ports.clock import ClockPort
from plg.application.ports.observer import ObserverPort
from plg.application.ports.records.source import Fetched, NotModified, SourcePort
from plg.application.records.breaker import Breaker
from plg.application.records.bulkhead import Bulkhead
from plg.domain.errors import SourceError, SourceTimeout
from plg.domain.records.record_keys import RecordKey

K = TypeVar("K", bound=RecordKey)
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class GuardedSource(Generic[K, R]):
    """Calls a source that may be slow or down, so that neither side suffers from the other."""

    resource: str
    source: SourcePort[K, R]
    breaker: Breaker
    slots: Bulkhead
    clock: ClockPort
    observer: ObserverPort

    async def fetch(
        self, key: K, validator: str | None, until: float
    ) -> Fetched[R] | NotModified | None:
        """
        Ask the source; `until` is the lookup's deadline in the event loop's time.

        Raises:
            SourceError: As the source does; also when it was not asked (down, busy).
        """
        started = self.clock.monotonic()
        try:
            answer = await self._call(key, validator, until)
        except SourceError as error:
            self.observer.source_failed(self.resource, error, self.clock.monotonic() - started)
            raise
        result = {Fetched: "match", NotModified: "not_modified"}.get(type(answer), "no_match")
        self.observer.source_called(self.resource, result, self.clock.monotonic() - started)
        return answer

    async def _call(
        self, key: K, validator: str | None, until: float
    ) -> Fetched[R] | NotModified | None:
        self.breaker.check()
        async with self.slots.hold(until):
            with self.breaker.attempt():
                try:
                    async with asyncio.timeout_at(until):
                        return await self.source.fetch(key, validator)
                except TimeoutError as error:
                    raise SourceTimeout("no answer within the lookup's deadline") from error
