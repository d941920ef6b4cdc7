"""Whose requests count under which rules."""

from dataclasses import replace
from math import inf

import pytest

from plg.adapters.memory.limiter import MemoryLimiter
from plg.application.limits.limits import UNKNOWN_ADDRESS, Limits, subject_of
from plg.domain.errors import RateExceeded
from plg.domain.identity.access import SERVICE_SCOPES, Caller
from plg.domain.limits.rates import UNLIMITED, LimitTier, Rate, Rates, Rule
from plg.domain.plans.tariffs import Tariff
from tests.fakes.clock import StoppedClock
from tests.fakes.limits import RecordingLimitsObserver
from tests.fakes.memory_plans import BASIC

RATES = {tier: Rate(10, 60) for tier in LimitTier} | {
    LimitTier.BURST: Rate(3, 60),
    LimitTier.SUSTAINED: Rate(5, 3600),
    LimitTier.AUTH_TOKEN: Rate(1, 60),
    LimitTier.SEARCH: Rate(2, 60),
    LimitTier.SOURCE_CALLS: Rate(2, 60),
}
ANA = Caller("key:ana", SERVICE_SCOPES)
BEN = Caller("key:ben", SERVICE_SCOPES)
OPERATOR = Caller("service", SERVICE_SCOPES, is_limited=False)
OWN_RATES = Rates(burst=Rate(7, 1))
PREMIUM = Caller("key:premium", SERVICE_SCOPES, rates=OWN_RATES)
ADDRESS = "192.0.2.1"


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock()


@pytest.fixture
def observer() -> RecordingLimitsObserver:
    return RecordingLimitsObserver()


@pytest.fixture
def limits(observer: RecordingLimitsObserver, clock: StoppedClock) -> Limits:
    return Limits(RATES, MemoryLimiter(), MemoryLimiter(), observer, clock)


async def test_a_caller_may_ask_as_often_as_the_burst_says(limits: Limits) -> None:
    assert [(await limits.spend(ANA)).is_allowed for _ in range(4)] == [True] * 3 + [False]


async def test_a_clock_set_back_changes_nothing(limits: Limits, clock: StoppedClock) -> None:
    await limits.spend(ANA)
    clock.set_back(3600)
    decisions = [await limits.spend(ANA), limits.spend_at_once(ANA)]
    clock.advance(20)

    assert [decision and decision.remaining for decision in decisions] == [1, 0]
    assert (await limits.spend(ANA)).is_allowed


async def test_callers_do_not_count_against_each_other(limits: Limits) -> None:
    for _ in range(4):
        await limits.spend(ANA)

    assert (await limits.spend(BEN)).remaining == 2


async def test_the_sustained_rate_holds_besides(limits: Limits, clock: StoppedClock) -> None:
    for _ in range(5):
        await limits.spend(ANA)
        clock.advance(20)

    assert [rule.tier for rule in (await limits.spend(ANA)).violated] == [LimitTier.SUSTAINED]


async def test_the_tier_of_a_route_holds_besides(limits: Limits) -> None:
    for _ in range(2):
        await limits.spend(ANA, LimitTier.SEARCH)

    refused = await limits.spend(ANA, LimitTier.SEARCH)
    assert [rule.tier for rule in refused.violated] == [LimitTier.SEARCH]
    assert (await limits.spend(ANA)).remaining == 0


async def test_a_refusal_is_told_by_each_rule(
    limits: Limits, observer: RecordingLimitsObserver
) -> None:
    for _ in range(4):
        await limits.spend_address(ADDRESS, LimitTier.AUTH_TOKEN)

    assert observer.refusals == ["auth_token"] * 3


async def test_the_service_key_has_no_limits(limits: Limits) -> None:
    decisions = [await limits.spend(OPERATOR, LimitTier.SEARCH) for _ in range(10)]

    assert decisions == [UNLIMITED] * 10
    assert limits.spend_at_once(OPERATOR) is UNLIMITED
    assert limits.source_permit(OPERATOR) is None
    assert await limits.spend_source_call(OPERATOR) is UNLIMITED


def test_rates_of_its_own_replace_the_defaults(limits: Limits) -> None:
    assert limits.rules_for(PREMIUM, LimitTier.SEARCH).rules == (
        Rule(LimitTier.BURST, Rate(7, 1)),
        Rule(LimitTier.SUSTAINED, Rate(5, 3600)),
        Rule(LimitTier.SEARCH, Rate(2, 60)),
    )


@pytest.mark.parametrize("tier", [None, LimitTier.SEARCH])
def test_the_same_rules_are_the_same_object(limits: Limits, tier: LimitTier | None) -> None:
    twin = Caller("key:twin", SERVICE_SCOPES, rates=Rates(burst=Rate(7, 1)))
    plain = Caller("key:plain", SERVICE_SCOPES, rates=Rates())

    assert limits.rules_for(ANA, tier) is limits.rules_for(plain, tier)
    assert limits.rules_for(ANA, tier) is limits.rules_for_address(tier)
    assert limits.rules_for(PREMIUM, tier) is limits.rules_for(twin, tier)


@pytest.mark.parametrize("tier", [LimitTier.BURST, LimitTier.SUSTAINED])
def test_no_rule_is_there_twice(limits: Limits, tier: LimitTier) -> None:
    assert limits.rules_for(ANA, tier).rules == limits.rules_for(ANA).rules


async def test_what_is_spent_at_once_is_the_same_as_after_waiting(limits: Limits) -> None:
    at_once = limits.spend_at_once(ANA)
    waited = await limits.spend(ANA)

    assert at_once is not None
    assert (at_once.remaining, waited.remaining) == (2, 1)


async def test_rates_of_its_own_hold_at_once_too(limits: Limits) -> None:
    decision = limits.spend_at_once(PREMIUM)

    assert decision is not None
    assert (decision.rules, decision.remaining) == (limits.rules_for(PREMIUM), 4)


def test_nothing_is_refused_at_once(limits: Limits, observer: RecordingLimitsObserver) -> None:
    decisions = [limits.spend_at_once(ANA) for _ in range(4)]

    assert decisions[3] is None
    assert None not in decisions[:3]
    assert observer.refusals == []


async def test_addresses_count_apart_from_callers_of_the_same_name(limits: Limits) -> None:
    named = Caller(subject_of(ADDRESS), SERVICE_SCOPES)
    for _ in range(4):
        await limits.spend_address(ADDRESS)

    assert not (await limits.spend_address(ADDRESS)).is_allowed
    assert (await limits.spend(named)).is_allowed


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("fe80::1%eth0", "fe80::2"),
        ("nobody", ""),
    ],
)
def test_these_addresses_are_one_client(one: str, other: str) -> None:
    assert subject_of(one) == subject_of(other)


def test_other_addresses_are_others() -> None:
    addresses = ["192.0.2.1", "192.0.2.2", "2001:db8:1:2::1", "2001:db8:1:3::1", "::1"]

    assert len({subject_of(address) for address in addresses} | {UNKNOWN_ADDRESS}) == 6


async def test_calls_to_the_source_are_counted_apart(
    limits: Limits, observer: RecordingLimitsObserver
) -> None:
    decisions = [await limits.spend_source_call(ANA) for _ in range(3)]

    assert [decision.is_allowed for decision in decisions] == [True, True, False]
    assert (await limits.spend(ANA)).remaining == 2
    assert observer.refusals == ["source_calls"]


async def test_a_permit_is_refused_by_raising(limits: Limits) -> None:
    permit = limits.source_permit(ANA)
    assert permit is not None
    await permit()
    await permit()

    with pytest.raises(RateExceeded) as caught:
        await permit()
    assert caught.value.retry_after == pytest.approx(30)


async def test_a_plan_may_have_its_own_limit_of_calls_to_the_source(limits: Limits) -> None:
    plan = replace(BASIC, source_calls=Rate(1, 60))
    caller = replace(ANA, tariff=Tariff.of(plan, None, inf))
    plain = replace(BEN, tariff=Tariff.of(BASIC, None, inf))

    allowed = [(await limits.spend_source_call(caller)).is_allowed for _ in range(2)]
    usual = [(await limits.spend_source_call(plain)).is_allowed for _ in range(3)]
    assert (allowed, usual) == ([True, False], [True, True, False])
