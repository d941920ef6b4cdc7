"""How long an entry may be served, and under which rule: pure rules of time (RFC 9111, 5861)."""

from dataclasses import dataclass
from enum import Enum, auto

from plg.domain.records.entries import Entry


class Verdict(Enum):
    """What an entry is good for: to serve as it is, to serve while it is refreshed, or neither."""

    FRESH = auto()
    STALE = auto()
    UNUSABLE = auto()


@dataclass(frozen=True, slots=True)
class FreshnessPolicy:
    """
    The operator's bounds for one resource, all in seconds.

    Attributes:
        ttl: How long an entry is fresh.
        stale_while_revalidate: How long past that it is served at once while it is refreshed.
        stale_if_error: How long past that it is served when the source fails.
        jitter: Largest part of the TTL, 0 to 1, taken off an entry's own TTL, so that entries
            that were made together do not expire together.
    """

    ttl: float
    stale_while_revalidate: float
    stale_if_error: float
    jitter: float = 0.0

    def ttl_for(self, draw: float) -> float:
        """Return the TTL of a new entry for a `draw` from [0, 1): never longer than `ttl`."""
        return self.ttl * (1.0 - self.jitter * draw)

    def judge(self, entry: Entry, directives: "RequestDirectives", now: float) -> "Verdict":
        """Decide what an entry is good for, given what the request asks of the cache."""
        if entry.is_fresh(now):
            if directives is NO_DIRECTIVES:
                return Verdict.FRESH
            return Verdict.FRESH if directives.accepts_fresh(entry, now) else Verdict.UNUSABLE
        staleness = entry.staleness(now)
        if staleness < self.stale_while_revalidate and not directives.refuses_stale:
            return Verdict.STALE
        if directives.accepts_stale(entry, now) and staleness < self.stale_if_error:
            return Verdict.STALE
        return Verdict.UNUSABLE

    def allows_on_error(self, entry: Entry, now: float) -> bool:
        """Tell whether an entry may be served because the source failed."""
        return entry.staleness(now) < self.stale_if_error

    def is_expired(self, entry: Entry, now: float) -> bool:
        """Tell whether no rule allows the entry any more."""
        staleness = entry.staleness(now)
        return staleness >= max(0.0, self.stale_while_revalidate, self.stale_if_error)

    def expires_at(self, entry: Entry) -> float:
        """Return the instant from which no rule allows the entry any more."""
        stale = max(self.stale_while_revalidate, self.stale_if_error)
        return entry.validated_at + entry.ttl + stale


@dataclass(frozen=True, slots=True)
class RequestDirectives:
    """
    What a request asks of the cache (RFC 9111, 5.2.1); seconds, None where nothing is asked.

    `max_stale` is infinite where any staleness is accepted.
    """

    no_cache: bool = False
    only_if_cached: bool = False
    max_age: float | None = None
    min_fresh: float | None = None
    max_stale: float | None = None

    def accepts_fresh(self, entry: Entry, now: float) -> bool:
        """Tell whether a fresh entry is good enough."""
        if self.no_cache:
            return False
        if self.max_age is not None and entry.age(now) > self.max_age:
            return False
        return self.min_fresh is None or entry.ttl - entry.age(now) >= self.min_fresh

    @property
    def refuses_stale(self) -> bool:
        """Tell whether only a validated or young enough entry will do."""
        return self.no_cache or self.max_age is not None or self.min_fresh is not None

    def accepts_stale(self, entry: Entry, now: float) -> bool:
        """Tell whether the request itself is content with this stale entry."""
        if self.no_cache or self.max_stale is None:
            return False
        return entry.staleness(now) <= self.max_stale

    def without_refresh(self) -> "RequestDirectives":
        """Return what is left for a caller that may not make a fresh entry unusable."""
        return RequestDirectives(only_if_cached=self.only_if_cached, max_stale=self.max_stale)


NO_DIRECTIVES = RequestDirectives()
