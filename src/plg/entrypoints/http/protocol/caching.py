"""What requests and answers say about caching (RFC 9110, 9111 and 9211)."""

import math
import re
from functools import lru_cache
from typing import Final

from plg.domain.records.freshness import NO_DIRECTIVES, FreshnessPolicy, RequestDirectives
from plg.domain.records.lookups import Lookup, Outcome
from plg.entrypoints.http.protocol.fields import list_elements

_DIRECTIVE: Final = re.compile(rb'([a-z-]+)\s*(?:=\s*"?([^",\s]*)"?)?', re.IGNORECASE)
SECONDS_MAX: Final = 2**31
STALE_OUTCOMES: Final = {
    Outcome.STALE_WHILE_REVALIDATE: b"; detail=stale-while-revalidate",
    Outcome.STALE_IF_ERROR: b"; detail=stale-if-error",
}


def request_directives(cache_control: bytes | None) -> RequestDirectives:
    """Read a request's `Cache-Control` (RFC 9111, 5.2.1); what it does not know it ignores."""
    if cache_control is None:
        return NO_DIRECTIVES
    given = {}
    for part in list_elements(cache_control):
        match = _DIRECTIVE.fullmatch(part)
        if match is not None:
            given[match[1].lower()] = match[2]
    directives = RequestDirectives(
        no_cache=b"no-cache" in given,
        only_if_cached=b"only-if-cached" in given,
        max_age=_seconds(given.get(b"max-age")),
        min_fresh=_seconds(given.get(b"min-fresh")),
        max_stale=_max_stale(given),
    )
    return NO_DIRECTIVES if directives == NO_DIRECTIVES else directives


def _seconds(value: bytes | None) -> float | None:
    if value is None or not value.isdigit():
        return None
    return (
        float(min(int(value), SECONDS_MAX)) if len(value) <= len(str(SECONDS_MAX)) else SECONDS_MAX
    )


def _max_stale(given: dict[bytes, bytes | None]) -> float | None:
    if b"max-stale" not in given:
        return None
    return math.inf if given[b"max-stale"] is None else _seconds(given[b"max-stale"])


class CacheControl:
    """The `Cache-Control` of answers: the entry's own TTL, the operator's stale bounds."""

    def __init__(self, policy: FreshnessPolicy) -> None:
        self._rest = b", stale-while-revalidate=%d, stale-if-error=%d" % (
            policy.stale_while_revalidate,
            policy.stale_if_error,
        )
        self.of = lru_cache(maxsize=4096)(self._render)

    def _render(self, ttl: int) -> bytes:
        return b"private, max-age=%d%b" % (ttl, self._rest)


def cache_status(lookup: Lookup, ttl: int) -> bytes:
    """Render `Cache-Status` (RFC 9211) for an entry that has `ttl` seconds left."""
    detail = STALE_OUTCOMES.get(lookup.outcome, b"")
    if lookup.forward is None:
        return b"plg; hit; ttl=%d%b" % (ttl, detail)
    value = b"plg; fwd=" + lookup.forward.value.encode()
    if lookup.outcome is Outcome.COLLAPSED:
        return value + b"; collapsed"
    if lookup.source_status is not None:
        value += b"; fwd-status=%d" % lookup.source_status
    if lookup.is_stored:
        value += b"; stored"
    return value + (detail or b"; ttl=%d" % ttl)
