"""What the cache holds."""

from dataclasses import dataclass, replace

from plg.domain.instants import AHEAD_SECONDS, elapsed


@dataclass(frozen=True, slots=True)
class Representation:
    """
    A record in the form that is sent: bytes, and the strong entity tag over them.

    `etag` is written with its quotes (RFC 9110, 8.8.3).
    """

    body: bytes
    etag: bytes


@dataclass(frozen=True, slots=True)
class Entry:
    """
    A representation, where it came from, and how long it is good.

    Instants are seconds since the epoch, `ttl` is seconds. `fetched_at` is when this content
    was fetched, `validated_at` when the source last confirmed it, `validator` the source's
    own entity tag for it. The record itself is inside `body`: keeping it a second time
    would double the memory of every cached record.
    """

    body: bytes
    etag: bytes
    validator: str | None
    fetched_at: float
    validated_at: float
    ttl: float

    def age(self, now: float) -> float:
        """Seconds since the source last confirmed this content (RFC 9111, 4.2.3), never below 0."""
        return max(0.0, now - self.validated_at)

    def is_fresh(self, now: float) -> bool:
        """Tell whether it may be served without asking the source (RFC 9111, 4.2)."""
        return -AHEAD_SECONDS <= now - self.validated_at < self.ttl

    def is_ahead(self, now: float) -> bool:
        """Tell whether the clock was set back since, so that its age is not known: it expired."""
        return self.validated_at > now + AHEAD_SECONDS

    def staleness(self, now: float) -> float:
        """Seconds past its TTL; negative while it is fresh, infinite where it is not known."""
        return elapsed(self.validated_at, now) - self.ttl

    def renewed(self, at: float, ttl: float, validator: str | None) -> "Entry":
        """Return it as confirmed by the source at `at`: body, ETag and `fetched_at` stay."""
        return replace(self, validated_at=at, ttl=ttl, validator=validator)
