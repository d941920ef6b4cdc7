"""The age of an entry."""

from math import inf

from hypothesis import given
from hypothesis import strategies as st

from plg.domain.records.entries import Entry
from tests.fakes.clock import NOON
from tests.fakes.entries import entry_of
from tests.unit.domain.strategies import entries, instants, spans


@given(entries, instants)
def test_no_age_is_negative(entry: Entry, now: float) -> None:
    assert entry.age(now) >= 0


@given(entries, instants)
def test_an_entry_is_fresh_exactly_while_it_is_younger_than_its_ttl(
    entry: Entry, now: float
) -> None:
    assert entry.is_fresh(now) == (-5 <= now - entry.validated_at < entry.ttl)


@given(entries, instants)
def test_what_is_not_fresh_is_stale_by_zero_or_more(entry: Entry, now: float) -> None:
    assert entry.is_fresh(now) or entry.staleness(now) >= 0


@given(st.floats(0, 1e10), st.floats(0, 1e8), st.floats(0, 1e10))
def test_fresh_and_stale_never_overlap_however_time_is_rounded(
    validated_at: float, ttl: float, now: float
) -> None:
    entry = entry_of(validated_at=validated_at, ttl=ttl)

    assert entry.is_fresh(now) != (now - validated_at >= ttl or validated_at - now > 5)


@given(entries, st.floats(5.001, 1e8))
def test_an_entry_from_the_future_has_expired(entry: Entry, ahead: float) -> None:
    now = entry.validated_at - ahead

    assert entry.is_ahead(now)
    assert entry.staleness(now) == inf


@given(entries, st.floats(0, 4.999))
def test_clocks_a_little_apart_are_no_future(entry: Entry, ahead: float) -> None:
    now = entry.validated_at - ahead

    assert not entry.is_ahead(now)
    assert (entry.age(now), entry.staleness(now)) == (0, -entry.ttl)


@given(entries, instants, spans)
def test_a_renewed_entry_has_no_age(entry: Entry, now: float, ttl: float) -> None:
    assert entry.renewed(now, ttl, None).age(now) == 0


def test_a_renewed_entry_keeps_what_was_fetched() -> None:
    entry = entry_of(validator='"v1"')
    renewed = entry.renewed(NOON + 50, 70, '"v2"')

    assert (renewed.body, renewed.etag, renewed.fetched_at) == (entry.body, entry.etag, NOON)


def test_a_renewed_entry_takes_the_new_validator_and_ttl() -> None:
    renewed = entry_of(validator='"v1"').renewed(NOON + 50, 70, '"v2"')

    assert (renewed.validator, renewed.ttl, renewed.validated_at) == ('"v2"', 70, NOON + 50)
