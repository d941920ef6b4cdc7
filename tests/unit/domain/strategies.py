"""Policies, entries and directives of every kind, in whole seconds: sums stay exact."""

from hypothesis import strategies as st

from plg.domain.records.entries import Entry
from plg.domain.records.freshness import FreshnessPolicy, RequestDirectives

START = 1_700_000_000
spans = st.integers(0, 200).map(float)
policies = st.builds(FreshnessPolicy, ttl=spans, stale_while_revalidate=spans, stale_if_error=spans)
entries = st.builds(
    Entry,
    body=st.just(b"{}"),
    etag=st.just(b'"e"'),
    validator=st.none(),
    fetched_at=st.just(float(START)),
    validated_at=st.integers(START, START + 100).map(float),
    ttl=spans,
)
instants = st.integers(START - 50, START + 1000).map(float)
asked = st.none() | spans
directives = st.builds(
    RequestDirectives,
    no_cache=st.booleans(),
    only_if_cached=st.booleans(),
    max_age=asked,
    min_fresh=asked,
    max_stale=asked | st.just(float("inf")),
)
