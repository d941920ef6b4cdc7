"""A log of purges in memory."""

from plg.application.ports.clock import ClockPort
from plg.application.ports.records.invalidation import Invalidation, InvalidationPort
from plg.domain.errors import StorageUnavailable
from tests.fakes.clock import StoppedClock


class MemoryInvalidations(InvalidationPort):
    """One process's view of a `log` that several may share."""

    def __init__(
        self, log: list[Invalidation | None] | None = None, clock: ClockPort | None = None
    ) -> None:
        self.log = [] if log is None else log
        self.times: list[float] = []
        self._clock = clock or StoppedClock()
        self.is_down = False
        self._seen: int | None = None

    async def publish(self, invalidation: Invalidation) -> None:
        self._check()
        self.log.append(invalidation)
        self.times.append(self._clock.now())

    async def poll(self) -> list[Invalidation]:
        self._check()
        seen, self._seen = self._seen, len(self.log)
        return [] if seen is None else [item for item in self.log[seen:] if item is not None]

    async def prune(self, before: float) -> None:
        self._check()
        for position, time in enumerate(self.times):
            if time < before:
                self.log[position] = None

    def _check(self) -> None:
        if self.is_down:
            raise StorageUnavailable("the log is down")
