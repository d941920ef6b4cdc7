"""The rule of rate limits, against a model that knows every request there was."""

from fractions import Fraction
from math import floor, inf

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from plg.domain.limits.gcra import Buckets, full_buckets, seconds_until_full, take
from plg.domain.limits.rates import PLACES_PER_TIER, Decision, LimitTier, Rate, Rule, RuleSet

START = 1_700_000_000.0
ALL_PLACES = PLACES_PER_TIER * len(LimitTier)
MINUTE = Rule(LimitTier.BURST, Rate(60, 60))
HOUR = Rule(LimitTier.SUSTAINED, Rate(1000, 3600))
BOTH = RuleSet((MINUTE, HOUR))

# Powers of two: sums of floats stay exact, and the model need not be lenient.
exact_rates = st.builds(Rate, st.integers(1, 6), st.sampled_from([1, 2, 4, 64]))
any_rates = st.builds(Rate, st.integers(1, 50), st.sampled_from([1, 60, 3600, 86400]))
exact_steps = st.lists(st.integers(0, 256).map(lambda n: n / 64), max_size=60)
any_steps = st.lists(st.floats(0, 100, allow_nan=False), max_size=60)


def one(rate: Rate, tier: LimitTier = LimitTier.BURST) -> RuleSet:
    return RuleSet((Rule(tier, rate),))


def new() -> Buckets:
    return full_buckets(ALL_PLACES, START)


def levels(buckets: Buckets, now: float) -> list[float]:
    """How much is in use now, tier by tier."""
    return [
        max(0.0, buckets[term[0]] - (now - buckets[term[1]]) * term[4])
        for term in buckets[2::PLACES_PER_TIER]
        if term is not None
    ]


def spend_all(buckets: Buckets, rules: RuleSet, now: float) -> list[Decision]:
    """Take until it is refused; return all decisions."""
    decisions = [take(buckets, rules, now)]
    while not decisions[-1].violated:
        decisions.append(take(buckets, rules, now))
    return decisions


class NaiveBucket:
    """A bucket in exact fractions, in the other form of the standard: arrival times."""

    def __init__(self, rate: Rate) -> None:
        self.gap = Fraction(rate.seconds, rate.limit)
        self.period = Fraction(rate.seconds)
        self.arrival = Fraction(0)

    def take(self, now: Fraction) -> bool:
        arrival = max(self.arrival, now) + self.gap
        if arrival - now > self.period:
            return False
        self.arrival = arrival
        return True


@given(exact_rates, exact_steps)
def test_it_decides_as_the_arrival_times_of_the_standard_do(rate: Rate, steps: list[float]) -> None:
    buckets, naive, now = new(), NaiveBucket(rate), START
    for step in steps:
        now += step
        assert take(buckets, one(rate), now).is_allowed is naive.take(Fraction(now))


@given(any_rates, any_steps)
def test_no_window_holds_more_than_the_limit_and_what_was_refilled(
    rate: Rate, steps: list[float]
) -> None:
    buckets, now, allowed = new(), START, []
    for step in steps:
        now += step
        if take(buckets, one(rate), now).is_allowed:
            allowed.append(now)
    for first, begin in enumerate(allowed):
        for last in range(first, len(allowed)):
            refilled = floor((allowed[last] - begin) * rate.limit / rate.seconds + 1e-6)
            assert last - first + 1 <= rate.limit + refilled


@given(any_rates, any_steps)
def test_who_is_refused_loses_nothing(rate: Rate, steps: list[float]) -> None:
    buckets, now = new(), START
    for step in steps:
        now += step
        before = levels(buckets, now)
        if not take(buckets, one(rate), now).is_allowed:
            assert levels(buckets, now) == pytest.approx(before)


@given(any_rates, any_rates, any_steps)
def test_who_waits_as_told_may_go_on_and_not_much_earlier(
    first: Rate, second: Rate, steps: list[float]
) -> None:
    rules = RuleSet((Rule(LimitTier.BURST, first), Rule(LimitTier.SUSTAINED, second)))
    buckets, now = new(), START
    for step in steps:
        now += step
        take(buckets, rules, now)
    refused = spend_all(buckets, rules, now)[-1]

    assert not take(buckets, rules, now + refused.retry_seconds * 0.99 - 1e-5).is_allowed
    assert take(buckets, rules, now + refused.retry_seconds).is_allowed


@given(any_rates, any_rates, any_steps)
def test_two_rules_together_allow_what_each_would_alone(
    first: Rate, second: Rate, steps: list[float]
) -> None:
    rules = RuleSet((Rule(LimitTier.BURST, first), Rule(LimitTier.SUSTAINED, second)))
    buckets, now = new(), START
    for step in steps:
        now += step
        alone = [take(list(buckets), one(rule.rate, rule.tier), now) for rule in rules.rules]
        together = take(buckets, rules, now)
        assert together.is_allowed is all(decision.is_allowed for decision in alone)
        assert together.violated == tuple(rule for each in alone for rule in each.violated)
        if together.is_allowed:
            assert together.remaining == min(each.remaining for each in alone)
        else:
            assert together.retry_seconds == max(each.retry_seconds for each in alone)


@given(any_rates, any_steps, st.floats(0, 100))
def test_to_wait_longer_never_leaves_less(rate: Rate, steps: list[float], more: float) -> None:
    buckets, now = new(), START
    for step in steps:
        now += step
        take(buckets, one(rate), now)
    sooner = take(list(buckets), one(rate), now)
    later = take(list(buckets), one(rate), now + more)

    assert later.is_allowed >= sooner.is_allowed
    assert later.remaining >= sooner.remaining
    assert later.retry_seconds <= sooner.retry_seconds


@given(any_rates, any_steps, st.floats(0, 1e6))
def test_a_clock_set_back_refills_nothing(rate: Rate, steps: list[float], back: float) -> None:
    buckets, now = new(), START
    for step in steps:
        now += step
        take(buckets, one(rate), now)
    spend_all(buckets, one(rate), now)

    assert not take(buckets, one(rate), now - back).is_allowed


@given(any_rates, st.lists(st.floats(-1e6, 100), max_size=60))
def test_a_clock_set_back_takes_nothing(rate: Rate, steps: list[float]) -> None:
    buckets, still, now, forward = new(), new(), START, START
    for step in steps:
        now += step
        forward += max(step, 0.0)
        told, expected = take(buckets, one(rate), now), take(still, one(rate), forward)
        assert told.is_allowed is expected.is_allowed
        assert told.retry_seconds == pytest.approx(expected.retry_seconds, abs=1e-3)


@given(exact_rates, exact_steps)
def test_what_is_told_until_full_is_until_full(rate: Rate, steps: list[float]) -> None:
    buckets, now = new(), START
    assume(steps)
    for step in steps:
        now += step
        decision = take(buckets, one(rate), now)

    (_, seconds) = decision.figures
    later = now + seconds + 1e-5
    assert take(list(buckets), one(rate), later).remaining == rate.limit - 1
    if decision.remaining:
        assert seconds_until_full(buckets, now) == pytest.approx(seconds - 0.5, abs=0.501)


def test_a_full_bucket_gives_its_limit_at_once() -> None:
    decisions = spend_all(new(), one(MINUTE.rate), START)

    assert [decision.remaining for decision in decisions] == [*range(59, -1, -1), 0]


def test_a_spent_bucket_is_refilled_evenly() -> None:
    buckets = new()
    spend_all(buckets, one(MINUTE.rate), START)

    assert [take(buckets, one(MINUTE.rate), START + 1.5).is_allowed for _ in range(2)] == [
        True,
        False,
    ]


def test_the_largest_rate_is_still_a_limit() -> None:
    rules = one(Rate(1_000_000_000, 1))
    buckets = new()

    assert [take(buckets, rules, START).remaining for _ in range(2)] == [999_999_999, 999_999_998]


def test_every_rule_is_told_in_its_order() -> None:
    decision = take(new(), BOTH, START)

    assert (decision.figures, decision.remaining) == ([59, 1, 999, 4], 59)
    assert (decision.violated, decision.retry_seconds, decision.rules) == ((), 0.0, BOTH)


def test_of_the_violated_rules_the_one_that_lasts_longest_says_how_long_to_wait() -> None:
    rules = RuleSet((Rule(LimitTier.BURST, Rate(2, 1)), Rule(LimitTier.ADMIN, Rate(2, 3600)), HOUR))
    refused = spend_all(new(), rules, START)[-1]

    assert refused.violated == rules.rules[:2]
    assert (refused.figures[:4], refused.remaining) == ([0, 1, 0, 3600], 0)
    assert refused.retry_seconds == pytest.approx(1800)


def test_a_limit_that_was_lowered_holds_from_then_on() -> None:
    buckets = new()
    for _ in range(50):
        take(buckets, one(MINUTE.rate), START)
    refused = take(buckets, one(Rate(10, 60)), START)

    assert refused.retry_seconds == pytest.approx(6)


def test_rules_of_other_tiers_leave_each_other_alone() -> None:
    buckets = new()
    spend_all(buckets, one(Rate(5, 60)), START)

    assert take(buckets, one(Rate(5, 60), LimitTier.SEARCH), START).is_allowed


def test_unused_buckets_are_full() -> None:
    assert seconds_until_full(new(), START) == 0


def test_buckets_with_a_spent_rule_count_as_never_full() -> None:
    buckets = new()
    spend_all(buckets, BOTH, START)

    assert seconds_until_full(buckets, START) == inf
    assert seconds_until_full(buckets, START + 1.5) == pytest.approx(60 * 3.6 - 1.5)


def test_looking_after_the_clock_was_set_back_keeps_nobody_for_long() -> None:
    buckets = new()
    take(buckets, one(MINUTE.rate), START)

    assert seconds_until_full(buckets, START - 3600) == 1
    assert seconds_until_full(buckets, START - 3599) == 0
