"""How long an entry may be served: rules that hold whatever the request asks."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from plg.domain.instants import elapsed
from plg.domain.records.entries import Entry
from plg.domain.records.freshness import NO_DIRECTIVES, FreshnessPolicy, RequestDirectives, Verdict
from tests.unit.domain.strategies import directives, entries, instants, policies, spans


@given(policies, entries, directives, instants)
def test_nothing_is_fresh_past_its_ttl(
    policy: FreshnessPolicy, entry: Entry, asked: RequestDirectives, now: float
) -> None:
    if policy.judge(entry, asked, now) is Verdict.FRESH:
        assert now < entry.validated_at + entry.ttl


@given(policies, entries, directives, instants)
def test_nothing_is_served_past_the_stale_bounds(
    policy: FreshnessPolicy, entry: Entry, asked: RequestDirectives, now: float
) -> None:
    bound = max(policy.stale_while_revalidate, policy.stale_if_error)
    if policy.judge(entry, asked, now) is Verdict.STALE:
        assert now < entry.validated_at + entry.ttl + bound


@given(policies, entries, instants)
def test_on_error_an_entry_is_served_exactly_within_the_bound(
    policy: FreshnessPolicy, entry: Entry, now: float
) -> None:
    seconds = elapsed(entry.validated_at, now)

    assert policy.allows_on_error(entry, now) == (seconds < entry.ttl + policy.stale_if_error)


@given(policies, entries, directives, instants)
def test_what_is_expired_is_never_served(
    policy: FreshnessPolicy, entry: Entry, asked: RequestDirectives, now: float
) -> None:
    assert policy.is_expired(entry, now) == (policy.expires_at(entry) <= now or entry.is_ahead(now))
    if policy.is_expired(entry, now):
        assert policy.judge(entry, asked, now) is Verdict.UNUSABLE
        assert not policy.allows_on_error(entry, now)


@given(policies, entries, instants)
def test_what_is_not_expired_may_be_served_under_some_rule(
    policy: FreshnessPolicy, entry: Entry, now: float
) -> None:
    if entry.validated_at <= now < policy.expires_at(entry):
        verdict = policy.judge(entry, NO_DIRECTIVES, now)
        assert verdict is not Verdict.UNUSABLE or policy.allows_on_error(entry, now)


@given(policies, entries, directives, instants)
def test_no_cache_accepts_nothing(
    policy: FreshnessPolicy, entry: Entry, asked: RequestDirectives, now: float
) -> None:
    assert policy.judge(entry, replace(asked, no_cache=True), now) is Verdict.UNUSABLE


@given(policies, entries, directives, spans, instants)
def test_nothing_fresh_older_than_max_age_is_served(
    policy: FreshnessPolicy, entry: Entry, asked: RequestDirectives, max_age: float, now: float
) -> None:
    if policy.judge(entry, replace(asked, max_age=max_age), now) is Verdict.FRESH:
        assert entry.age(now) <= max_age


@given(policies, entries, directives, spans, instants)
def test_what_is_served_fresh_stays_fresh_for_min_fresh(
    policy: FreshnessPolicy, entry: Entry, asked: RequestDirectives, min_fresh: float, now: float
) -> None:
    if policy.judge(entry, replace(asked, min_fresh=min_fresh), now) is Verdict.FRESH:
        assert entry.ttl - entry.age(now) >= min_fresh


@given(policies, entries, directives, instants)
def test_a_demand_for_youth_gets_nothing_stale_unless_it_says_how_stale(
    policy: FreshnessPolicy, entry: Entry, asked: RequestDirectives, now: float
) -> None:
    if asked.refuses_stale and policy.judge(entry, asked, now) is Verdict.STALE:
        assert asked.max_stale is not None
        assert entry.staleness(now) <= asked.max_stale


@given(policies, entries, spans, instants)
def test_max_stale_reaches_as_far_as_stale_if_error_and_no_further(
    policy: FreshnessPolicy, entry: Entry, max_stale: float, now: float
) -> None:
    policy = replace(policy, stale_while_revalidate=0)
    verdict = policy.judge(entry, RequestDirectives(max_stale=max_stale), now)
    staleness = entry.staleness(now)

    if not entry.is_fresh(now):
        is_wanted = staleness <= max_stale and staleness < policy.stale_if_error
        assert (verdict is Verdict.STALE) == is_wanted


@given(policies, entries, instants)
def test_without_demands_the_windows_are_the_ttl_and_that_of_revalidation(
    policy: FreshnessPolicy, entry: Entry, now: float
) -> None:
    if entry.is_fresh(now):
        due = Verdict.FRESH
    elif entry.staleness(now) < policy.stale_while_revalidate:
        due = Verdict.STALE
    else:
        due = Verdict.UNUSABLE

    assert policy.judge(entry, NO_DIRECTIVES, now) is due


@given(policies, entries, directives, instants)
def test_a_caller_that_may_not_refresh_cannot_make_a_fresh_entry_unusable(
    policy: FreshnessPolicy, entry: Entry, asked: RequestDirectives, now: float
) -> None:
    if entry.is_fresh(now):
        assert policy.judge(entry, asked.without_refresh(), now) is Verdict.FRESH


@given(directives)
def test_a_caller_that_may_not_refresh_keeps_its_other_wishes(asked: RequestDirectives) -> None:
    left = asked.without_refresh()

    assert (left.only_if_cached, left.max_stale) == (asked.only_if_cached, asked.max_stale)


@given(
    st.floats(0, 1e9),
    st.floats(0, 1),
    st.floats(0, 1, exclude_max=True),
)
def test_jitter_only_shortens(ttl: float, jitter: float, draw: float) -> None:
    policy = FreshnessPolicy(ttl, 0, 0, jitter)

    assert ttl * (1 - jitter) <= policy.ttl_for(draw) <= ttl


def test_jitter_takes_off_its_whole_part_at_most() -> None:
    assert FreshnessPolicy(100, 0, 0, jitter=0.05).ttl_for(0.5) == 97.5


def test_without_jitter_every_entry_has_the_same_ttl() -> None:
    assert FreshnessPolicy(100, 0, 0).ttl_for(0.999) == 100
