"""Look a player up."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from plg.application.limits.limits import Limits
from plg.application.ports.clock import ClockPort
from plg.application.ports.observer import ObserverPort
from plg.application.ports.records.cache import CachePort, MemoryTierPort
from plg.application.ports.records.encoder import RecordEncoderPort
from plg.application.ports.records.source import PlayerSourcePort
from plg.application.records.engine import engine_on
from plg.application.records.get_record import GetRecord
from plg.domain.records.freshness import FreshnessPolicy
from plg.domain.records.players import KillerBiId, Player


@dataclass(frozen=True, slots=True)
class GetPlayer(GetRecord[KillerBiId, Player]):
    """Serve a player from the cache, or fetch, remember and serve it."""

    @classmethod
    def on(  # noqa: PLR0913, PLR0917 - a port each
        cls,
        source: PlayerSourcePort,
        encoder: RecordEncoderPort[Player],
        memory: MemoryTierPort[KillerBiId],
        durable: Sequence[CachePort[KillerBiId]],
        policy: FreshnessPolicy,
        clock: ClockPort,
        observer: ObserverPort,
        limits: Limits | None = None,
    ) -> Self:
        """Return the use case on these ports, as `engine_on` puts its engine together."""
        return cls(
            engine_on("players", source, encoder, memory, durable, policy, clock, observer), limits
        )
