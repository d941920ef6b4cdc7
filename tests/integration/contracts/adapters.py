"""What the fixtures of this folder give."""

from typing import Protocol

from plg.application.ports.records.cache import CacheInventoryPort, CachePort
from plg.domain.records.players import KillerBiId


class DurableCache(CachePort[KillerBiId], CacheInventoryPort, Protocol):
    """A tier with an inventory."""
