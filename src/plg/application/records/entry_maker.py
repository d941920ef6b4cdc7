"""How an answer of the source becomes an entry."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from plg.application.ports.clock import ClockPort
from plg.application.ports.records.encoder import RecordEncoderPort
from plg.application.ports.records.source import Fetched, NotModified
from plg.domain.records.entries import Entry
from plg.domain.records.freshness import FreshnessPolicy

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class EntryMaker(Generic[R]):
    """Encodes what was fetched, once, and gives it its TTL."""

    encoder: RecordEncoderPort[R]
    policy: FreshnessPolicy
    clock: ClockPort
    draw: Callable[[], float] = random.random

    def make(self, answer: Fetched[R] | NotModified, known: Entry | None) -> Entry:
        """
        Return the entry for an answer, given what was `known` when the source was asked.

        Content that is the same as before keeps its body, its ETag and when it was fetched.
        """
        now, ttl = self.clock.now(), self.policy.ttl_for(self.draw())
        if known is not None:
            if isinstance(answer, NotModified):
                return known.renewed(now, ttl, answer.validator)
            again = self.encoder.encode(answer.record, known.fetched_at)
            if again.etag == known.etag:
                return known.renewed(now, ttl, answer.validator)
        if isinstance(answer, NotModified):
            raise TypeError("NotModified answers only a validator, and only an entry has one")
        made = self.encoder.encode(answer.record, now)
        return Entry(made.body, made.etag, answer.validator, now, now, ttl)
