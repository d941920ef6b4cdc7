"""A source in memory."""

import asyncio

from plg.application.ports.records.source import Fetched, NotModified, PlayerSourcePort
from plg.domain.records.players import KillerBiId, Player
from tests.fakes.entries import ANA, BEN, document_of


class MemoryPlayerSource(PlayerSourcePort):
    """
    Knows two players, and does as it is told: `hold` its answers, raise `error`, give no ETags.

    `calls` has the key and validator of each call, `begun` is set once there was one.
    """

    def __init__(self) -> None:
        self.version = 1
        self.known = {ANA, BEN}
        self.has_validators = True
        self.error: Exception | None = None
        self.calls: list[tuple[KillerBiId, str | None]] = []
        self.cancelled = 0
        self.begun = asyncio.Event()
        self._released = asyncio.Event()
        self._released.set()

    async def fetch(
        self, key: KillerBiId, validator: str | None = None
    ) -> Fetched[Player] | NotModified | None:
        self.calls.append((key, validator))
        self.begun.set()
        answer = self._answer(key, validator)  # as a source that reads first, then takes its time
        try:
            await self._released.wait()
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        if self.error is not None:
            raise self.error
        return answer

    def hold(self) -> None:
        """Let no call end until `release`."""
        self.begun.clear()
        self._released.clear()

    def release(self) -> None:
        self._released.set()

    def _answer(
        self, key: KillerBiId, validator: str | None
    ) -> Fetched[Player] | NotModified | None:
        if key not in self.known:
            return None
        current = f'"v{self.version}"' if self.has_validators else None
        if validator is not None and validator == current:
            return NotModified(validator)
        return Fetched(Player(key, document_of(key, self.version)), current)
