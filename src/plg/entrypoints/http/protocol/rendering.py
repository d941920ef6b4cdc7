"""Render a record: one function for both carriers."""

from dataclasses import dataclass
from math import floor
from typing import Final

from plg.domain.records.entity_tags import is_named_in
from plg.domain.records.entries import Entry
from plg.domain.records.freshness import FreshnessPolicy
from plg.domain.records.lookups import Lookup
from plg.entrypoints.http.protocol.answers import Answer
from plg.entrypoints.http.protocol.caching import STALE_OUTCOMES, CacheControl, cache_status

_CONTENT: Final = b"content-type: application/json\r\ncontent-length: %d\r\n"
_VALIDATORS: Final = (
    b"etag: %b\r\nage: %d\r\ncache-control: %b\r\n"
    b"vary: Authorization, X-API-Key\r\ncache-status: %b\r\n"
)
_WHOLE: Final = _CONTENT + _VALIDATORS
_KEPT: Final = (
    b"etag: %b\r\ncache-control: private, no-cache\r\n"
    b"vary: Authorization, X-API-Key\r\ncache-status: plg; hit; detail=kept\r\n"
)


def kept_answer(body: bytes, etag: bytes, if_none_match: bytes | None) -> Answer:
    """
    Return 200 with what is kept for good, or 304 where the client has it already.

    It has no age, but more may be known of the same past a moment later: ask again.
    """
    validators = _KEPT % etag
    if if_none_match is not None and is_named_in(if_none_match, etag):
        return Answer(304, validators)
    return Answer(200, _CONTENT % len(body) + validators, body)


@dataclass(frozen=True, slots=True)
class RecordRenderer:
    """Turns a lookup into an answer; the bytes and the ETag were made with the entry."""

    cache_control: CacheControl

    @classmethod
    def under(cls, policy: FreshnessPolicy) -> "RecordRenderer":
        """Return a renderer that announces the policy's stale bounds."""
        return cls(CacheControl(policy))

    def __call__(
        self, entry: Entry, now: float, if_none_match: bytes | None, lookup: Lookup | None = None
    ) -> Answer:
        """
        Return 200 with the record, or 304 where the client has it already.

        Without a `lookup` the entry is a fresh one from memory: a hit.
        """
        age, ttl = int(entry.age(now)), int(entry.ttl)
        if lookup is None:
            status = b"plg; hit; ttl=%d" % (ttl - age)
        else:
            status = cache_status(lookup, _left(entry, now, lookup))
        control = self.cache_control.of(ttl)
        if if_none_match is not None and is_named_in(if_none_match, entry.etag):
            return Answer(304, _VALIDATORS % (entry.etag, age, control, status))
        body = entry.body
        return Answer(200, _WHOLE % (len(body), entry.etag, age, control, status), body)


def _left(entry: Entry, now: float, lookup: Lookup) -> int:
    """Return the whole seconds that are left of the TTL; of what is stale always less than 0."""
    if lookup.outcome in STALE_OUTCOMES and not entry.is_fresh(now):
        return min(-1, floor(entry.ttl - entry.age(now)))
    return int(entry.ttl) - int(entry.age(now))
