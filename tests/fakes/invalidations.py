"""A log of purges in memory."""

from plg.application.ports.invalidation import Invalidation, InvalidationPort
from plg.domain.errors import StorageUnavailable


class MemoryInvalidations(InvalidationPort):
    """One process's view of a `log` that several may share."""

    def __init__(self, log: list[Invalidation] | None = None) -> None:
        self.log = [] if log is None else log
        self.is_down = False
        self._seen: int | None = None

    async def publish(self, invalidation: Invalidation) -> None:
        self._check()
        self.log.append(invalidation)

    async def poll(self) -> list[Invalidation]:
        self._check()
        seen, self._seen = self._seen, len(self.log)
        return [] if seen is None else self.log[seen:]

    def _check(self) -> None:
        if self.is_down:
            raise StorageUnavailable("the log is down")
