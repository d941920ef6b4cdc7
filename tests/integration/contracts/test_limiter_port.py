"""`LimiterPort`, kept by everything that counts."""

import asyncio

import pytest

from plg.adapters.memory.limiter import MemoryLimiter
from plg.application.ports.limits import LimiterPort
from plg.domain.limits.rates import LimitTier, Rate, Rule, RuleSet
from tests.fakes.clock import NOON
from tests.fakes.limits import SharedLimiter

FEW = Rule(LimitTier.BURST, Rate(3, 60))
MANY = Rule(LimitTier.SUSTAINED, Rate(5, 3600))
BOTH = RuleSet((FEW, MANY))
SEARCH = RuleSet((FEW, MANY, Rule(LimitTier.SEARCH, Rate(2, 60))))


@pytest.fixture(params=[MemoryLimiter, SharedLimiter])
def limiter(request: pytest.FixtureRequest) -> LimiterPort:
    made: LimiterPort = request.param()
    return made


async def test_the_limit_can_be_taken_at_once_and_no_more(limiter: LimiterPort) -> None:
    decisions = [await limiter.spend("a", BOTH, NOON) for _ in range(4)]

    assert [decision.is_allowed for decision in decisions] == [True, True, True, False]
    assert [decision.remaining for decision in decisions] == [2, 1, 0, 0]
    assert decisions[3].violated == (FEW,)
    assert decisions[3].retry_seconds == pytest.approx(20, abs=1e-3)


async def test_of_many_at_once_as_many_as_the_limit_are_allowed(limiter: LimiterPort) -> None:
    decisions = await asyncio.gather(*(limiter.spend("a", BOTH, NOON) for _ in range(50)))

    assert sum(decision.is_allowed for decision in decisions) == 3


async def test_a_bucket_is_refilled_evenly(limiter: LimiterPort) -> None:
    for _ in range(3):
        await limiter.spend("a", BOTH, NOON)

    assert not (await limiter.spend("a", BOTH, NOON + 19.9)).is_allowed
    assert (await limiter.spend("a", BOTH, NOON + 20.1)).is_allowed


async def test_who_is_refused_by_one_rule_loses_nothing_by_another(limiter: LimiterPort) -> None:
    for _ in range(10):
        await limiter.spend("a", BOTH, NOON)

    assert (await limiter.spend("a", RuleSet((MANY,)), NOON)).remaining == 1


async def test_sets_of_rules_share_the_buckets_of_a_tier(limiter: LimiterPort) -> None:
    await limiter.spend("a", BOTH, NOON)
    decision = await limiter.spend("a", SEARCH, NOON)

    assert (decision.figures[0], decision.remaining) == (1, 1)


async def test_subjects_have_buckets_of_their_own(limiter: LimiterPort) -> None:
    for _ in range(4):
        await limiter.spend("a", BOTH, NOON)

    assert (await limiter.spend("b", BOTH, NOON)).remaining == 2


async def test_every_rule_is_told_in_its_order(limiter: LimiterPort) -> None:
    decision = await limiter.spend("a", BOTH, NOON)

    assert decision.figures == [2, 20, 4, 720]
    assert decision.rules is BOTH


async def test_a_clock_that_was_set_back_locks_nobody_out_for_longer_than_a_period(
    limiter: LimiterPort,
) -> None:
    rules = RuleSet((FEW,))
    for _ in range(3):
        await limiter.spend("a", rules, NOON)

    assert not (await limiter.spend("a", rules, NOON - 86400)).is_allowed
    assert (await limiter.spend("a", rules, NOON - 86400 + 61)).is_allowed
