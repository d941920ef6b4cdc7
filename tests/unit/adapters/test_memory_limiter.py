"""Buckets in memory, as many as may be."""

import tracemalloc
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plg.adapters.memory.limiter import LOOK_MAX, MemoryLimiter
from plg.domain.limits.gcra import full_buckets, take
from plg.domain.limits.rates import PLACES_PER_TIER, LimitTier, Rate, Rule, RuleSet

START = 1_700_000_000.0
RULES = RuleSet((Rule(LimitTier.BURST, Rate(60, 60)), Rule(LimitTier.SUSTAINED, Rate(1000, 3600))))
SEARCH = RuleSet((*RULES.rules, Rule(LimitTier.SEARCH, Rate(2, 60))))
ONCE = RuleSet((Rule(LimitTier.BURST, Rate(1, 60)),))
TWICE = RuleSet((Rule(LimitTier.BURST, Rate(2, 60)),))


def spend_each(
    limiter: MemoryLimiter, subjects: Iterable[object], rules: RuleSet = TWICE, now: float = START
) -> None:
    for subject in subjects:
        limiter.spend_now(str(subject), rules, now)


def block(limiter: MemoryLimiter, subject: str, rules: RuleSet = RULES) -> None:
    while not limiter.spend_now(subject, rules, START).violated:
        pass


@given(
    st.lists(
        st.tuples(
            st.sampled_from("abc"), st.sampled_from([RULES, SEARCH, TWICE]), st.floats(0, 40)
        ),
        max_size=50,
    )
)
def test_within_its_bound_it_counts_as_buckets_that_are_never_forgotten(
    asked: list[tuple[str, RuleSet, float]],
) -> None:
    limiter, now = MemoryLimiter(3), START
    never = {subject: full_buckets(PLACES_PER_TIER * len(LimitTier), START) for subject in "abc"}
    for subject, rules, step in asked:
        now += step
        assert limiter.spend_now(subject, rules, now) == take(never[subject], rules, now)


@given(st.lists(st.tuples(st.integers(0, 300), st.floats(0, 5)), max_size=300), st.integers(1, 100))
def test_it_never_holds_more_subjects_than_it_may_and_forgets_nobody_who_is_blocked(
    asked: list[tuple[int, float]], subjects_max: int
) -> None:
    limiter, now = MemoryLimiter(subjects_max), START
    blocked_until: dict[int, float] = {}
    for subject, step in asked:
        now += step
        shared = limiter.shared_count
        decision = limiter.spend_now(str(subject), TWICE, now)
        assert limiter.subject_count <= subjects_max
        if now < blocked_until.get(subject, 0):
            assert decision.violated
        if limiter.shared_count == shared and not decision.violated and not decision.remaining:
            blocked_until[subject] = now + decision.figures[1] - 31.001


def test_full_buckets_go_first_even_if_others_are_older() -> None:
    limiter = MemoryLimiter(3)
    spend_each(limiter, "abc")
    limiter.spend_now("a", TWICE, START + 29)
    limiter.spend_now("c", TWICE, START + 29)
    limiter.spend_now("d", TWICE, START + 31)

    assert limiter.subject_count == 3
    assert limiter.spend_now("a", TWICE, START + 31).remaining == 0
    assert limiter.spend_now("c", TWICE, START + 31).remaining == 0


def test_where_none_is_full_those_go_that_would_be_soonest() -> None:
    limiter = MemoryLimiter(2)
    limiter.spend_now("a", TWICE, START + 10)
    limiter.spend_now("b", TWICE, START)
    limiter.spend_now("c", TWICE, START + 10)

    assert limiter.spend_now("a", TWICE, START + 10).remaining == 0


def test_where_all_are_blocked_newcomers_share_their_buckets() -> None:
    limiter = MemoryLimiter(3)
    spend_each(limiter, "abc", ONCE)
    limiter.spend_now("d", ONCE, START)

    assert limiter.spend_now("e", ONCE, START).violated
    assert (limiter.subject_count, limiter.shared_count) == (3, 2)
    assert all(limiter.spend_now(subject, ONCE, START).violated for subject in "abc")


def test_newcomers_have_buckets_of_their_own_again_once_there_is_room() -> None:
    limiter = MemoryLimiter(3)
    spend_each(limiter, "abc", ONCE)
    spend_each(limiter, range(LOOK_MAX), ONCE)
    later = START + 61
    spend_each(limiter, "de", ONCE, later)

    assert limiter.shared_count == LOOK_MAX
    assert limiter.spend_now("f", ONCE, later).is_allowed


def test_a_look_reaches_those_behind_the_blocked_ones() -> None:
    limiter = MemoryLimiter(2 * LOOK_MAX)
    spend_each(limiter, [f"blocked {number}" for number in range(LOOK_MAX)], ONCE)
    spend_each(limiter, [f"idle {number}" for number in range(LOOK_MAX)])
    spend_each(limiter, range(LOOK_MAX))
    limiter.spend_now("newcomer", TWICE, START)

    assert limiter.shared_count == LOOK_MAX
    assert limiter.spend_now("newcomer", TWICE, START).is_allowed


def test_the_buckets_of_a_subject_grow_with_the_tiers_it_uses() -> None:
    limiter = MemoryLimiter()
    limiter.spend_now("a", RULES, START)

    assert [limiter.spend_now("a", SEARCH, START).is_allowed for _ in range(3)] == [
        True,
        True,
        False,
    ]
    assert limiter.spend_now("a", RULES, START).remaining == 56


async def test_it_can_be_waited_for_too() -> None:
    limiter = MemoryLimiter()

    assert (await limiter.spend("a", RULES, START)).remaining == 59


@pytest.fixture(scope="module")
def flooded() -> tuple[MemoryLimiter, int]:
    """A limiter to which a hundred times its bound came after one was blocked, and its bytes."""
    limiter = MemoryLimiter(2000)
    tracemalloc.start()
    block(limiter, "blocked")
    spend_each(limiter, range(20_000), RULES)
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    spend_each(limiter, range(20_000, 200_000), RULES)
    return limiter, held


def test_a_flood_of_addresses_takes_bounded_memory(flooded: tuple[MemoryLimiter, int]) -> None:
    limiter, held = flooded

    assert limiter.subject_count <= 2000
    assert held < 2000 * 1000


def test_a_blocked_caller_stays_blocked_while_a_flood_of_others_comes(
    flooded: tuple[MemoryLimiter, int],
) -> None:
    limiter, _ = flooded

    assert limiter.spend_now("blocked", RULES, START).violated
    assert limiter.shared_count == 0
