"""Observations, written down behind the answers."""

import asyncio
from collections import OrderedDict
from contextlib import suppress
from itertools import islice
from typing import Final

from plg.application.ports.observer import ObserverPort
from plg.application.ports.work import UnitOfWorkPort
from plg.application.shielded import shielded
from plg.domain.errors import StorageUnavailable
from plg.domain.records.vehicles import Observation

TIER: Final = "observations"
BYTES_MAX: Final = 16 * 1024 * 1024
GROUP_MAX: Final = 200
LINGER_SECONDS: Final = 0.05
RETRY_SECONDS: Final = 5.0
REMEMBERED_MAX: Final = 10_000

_Key = tuple[str, float]


class ObservationLog:
    """
    Takes note of observations; those that gather while a group is written share the next.

    What waits is bounded in bytes: past that the oldest are dropped, and so are documents that
    are too large. A database that is down costs nothing but that, and is tried again.
    """

    def __init__(
        self, work: UnitOfWorkPort, observer: ObserverPort, *, bytes_max: int = BYTES_MAX
    ) -> None:
        self._work = work
        self._observer = observer
        self._bytes_max = bytes_max
        self._waiting: OrderedDict[_Key, Observation] = OrderedDict()
        self._bytes = 0
        self._written: OrderedDict[str, float] = OrderedDict()
        self._writer: asyncio.Task[None] | None = None
        self._hurry = asyncio.Event()
        self._has_failed = False

    def __len__(self) -> int:
        """How many wait to be written."""
        return len(self._waiting)

    def note(self, observation: Observation) -> None:
        """Keep it soon, unless it is the one of its vehicle that was kept last."""
        if self._written.get(observation.vin.value) == observation.observed_at:
            return
        if not observation.can_be_kept:
            self.drop("an observation is too large")
            return
        self._wait(observation)
        if self._writer is None:
            self._writer = asyncio.get_running_loop().create_task(self._write_all())

    def drop(self, reason: str) -> None:
        """Have it counted and logged that an observation is not kept."""
        self._observer.cache_failed(TIER, StorageUnavailable(reason))

    async def drain(self) -> None:
        """Write what can still be written, and stop."""
        writer = self._writer
        if writer is None:
            return
        self._has_failed = False
        self._hurry.set()
        while self._waiting and not writer.done() and not self._has_failed:
            await asyncio.wait([writer], timeout=LINGER_SECONDS)
        writer.cancel()
        with suppress(asyncio.CancelledError):
            await writer

    async def _write_all(self) -> None:
        try:
            while self._waiting:
                await self._linger()
                group = list(islice(self._waiting.values(), GROUP_MAX))
                try:
                    await shielded(self._write(group))
                except StorageUnavailable as error:
                    self._has_failed = True
                    self._observer.cache_failed(TIER, error)
                else:
                    self._has_failed = False
                    self._settle(group)
        finally:
            self._writer = None

    async def _linger(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(RETRY_SECONDS if self._has_failed else LINGER_SECONDS):
                await self._hurry.wait()
        self._hurry.clear()

    async def _write(self, group: list[Observation]) -> None:
        async with self._work.change() as work:
            await work.observations.add(group)

    def _wait(self, observation: Observation) -> None:
        self._forget(_key(observation))
        self._waiting[_key(observation)] = observation
        self._bytes += len(observation.document)
        while self._bytes > self._bytes_max:
            self._forget(next(iter(self._waiting)))
            self.drop("too many observations wait")

    def _settle(self, group: list[Observation]) -> None:
        for observation in group:
            self._forget(_key(observation))
            self._written[observation.vin.value] = observation.observed_at
            self._written.move_to_end(observation.vin.value)
            if len(self._written) > REMEMBERED_MAX:
                self._written.popitem(last=False)

    def _forget(self, key: _Key) -> None:
        held = self._waiting.pop(key, None)
        if held is not None:
            self._bytes -= len(held.document)


def _key(observation: Observation) -> _Key:
    return observation.vin.value, observation.observed_at
