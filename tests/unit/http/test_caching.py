"""What a request's `Cache-Control` says."""

import math

import pytest

from plg.domain.records.freshness import NO_DIRECTIVES, RequestDirectives
from plg.entrypoints.http.protocol.caching import request_directives


@pytest.mark.parametrize(
    ("value", "directives"),
    [
        (b"no-cache", RequestDirectives(no_cache=True)),
        (b"No-Cache , only-if-cached", RequestDirectives(no_cache=True, only_if_cached=True)),
        (b'max-age="5", min-fresh=2', RequestDirectives(max_age=5.0, min_fresh=2.0)),
        (b"max-stale", RequestDirectives(max_stale=math.inf)),
        (b'private="a, no-cache"', NO_DIRECTIVES),
        (b'x="a, only-if-cached, max-age=0", no-cache', RequestDirectives(no_cache=True)),
        (b'x="a\\", no-cache", max-age=1', RequestDirectives(max_age=1.0)),
        (b'x="a, no-cache', NO_DIRECTIVES),
        (b'"no-cache"', NO_DIRECTIVES),
        (b"max-age=soon, min-fresh=-1", NO_DIRECTIVES),
    ],
)
def test_directives_are_read_outside_of_quoted_strings(
    value: bytes, directives: RequestDirectives
) -> None:
    assert request_directives(value) == directives
