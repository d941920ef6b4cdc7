"""Put the engine of one resource together from its ports."""

from collections.abc import Sequence
from typing import TypeVar

from plg.application.ports.clock import ClockPort
from plg.application.ports.observer import ObserverPort
from plg.application.ports.records.cache import CachePort, MemoryTierPort
from plg.application.ports.records.encoder import RecordEncoderPort
from plg.application.ports.records.source import SourcePort
from plg.application.records.breaker import Breaker
from plg.application.records.bulkhead import Bulkhead
from plg.application.records.entry_maker import EntryMaker
from plg.application.records.guard import GuardedSource
from plg.application.records.negative_cache import NegativeCache
from plg.application.records.read_through import ReadThrough
from plg.application.records.tiers import CacheTiers
from plg.domain.records.freshness import FreshnessPolicy
from plg.domain.records.record_keys import RecordKey

K = TypeVar("K", bound=RecordKey)
R = TypeVar("R")
TIMEOUT_SECONDS = 30.0


def engine_on(  # noqa: PLR0913, PLR0917 - a port each
    resource: str,
    source: SourcePort[K, R],
    encoder: RecordEncoderPort[R],
    memory: MemoryTierPort[K],
    durable: Sequence[CachePort[K]],
    policy: FreshnessPolicy,
    clock: ClockPort,
    observer: ObserverPort,
    *,
    breaker: Breaker | None = None,
    slots: Bulkhead | None = None,
    negative_ttl: float = 0.0,
    timeout: float = TIMEOUT_SECONDS,
) -> ReadThrough[K, R]:
    """
    Return the engine that serves a resource from these tiers and this source.

    Args:
        resource: Its name in metrics and usage records.
        source: Asked for what no tier has fresh.
        encoder: Makes the answer's bytes.
        memory: The first tier.
        durable: The tiers behind it, from fast to durable; none is fine.
        policy: How long entries are fresh, and how long they may be served stale.
        clock: Of everything but deadlines.
        observer: Is told of reads, failures and calls.
        breaker: Stops calls to a source that is down; by default its own.
        slots: Bounds the calls at a time; by default ten, waited for a second.
        negative_ttl: Seconds for which "no such record" is remembered.
        timeout: Seconds for a whole lookup that has to ask the source.
    """
    breaker = breaker or Breaker(clock, failures_max=5, open_seconds=30.0)
    slots = slots or Bulkhead(10, 1.0)
    return ReadThrough(
        memory,
        CacheTiers(memory, tuple(durable), observer),
        GuardedSource(resource, source, breaker, slots, clock, observer),
        EntryMaker(encoder, policy, clock),
        NegativeCache(negative_ttl),
        timeout=timeout,
    )
