"""How an answer came about."""

from dataclasses import dataclass
from enum import StrEnum

from plg.domain.records.entries import Entry


class Outcome(StrEnum):
    """The ways of an answer."""

    HIT = "hit"
    MISS = "miss"
    REVALIDATED = "revalidated"
    COLLAPSED = "collapsed"
    STALE_WHILE_REVALIDATE = "stale-while-revalidate"
    STALE_IF_ERROR = "stale-if-error"
    NOT_FOUND = "not-found"
    FAILED = "failed"


class Forward(StrEnum):
    """Why the source was asked (RFC 9211, 2.2)."""

    URI_MISS = "uri-miss"
    STALE = "stale"
    REQUEST = "request"


@dataclass(frozen=True, slots=True)
class Lookup:
    """
    An entry and the outcome of the lookup.

    Attributes:
        forward: Why the source was asked; None when it was not.
        source_status: The HTTP status it answered with, where there was one.
        is_stored: Whether the cache holds the answer now.
    """

    entry: Entry
    outcome: Outcome
    forward: Forward | None = None
    source_status: int | None = None
    is_stored: bool = False
