"""Which thresholds are reached, and when."""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plg.domain.limits.rates import DAY_SECONDS
from plg.domain.notices.thresholds import PERCENTS, Reached, percents_of, reached_by
from plg.domain.plans.plans import Metered
from plg.domain.plans.tariffs import SpendCap, Tariff
from tests.fakes.clock import NOON
from tests.fakes.usage import ANA, CENT, TARIFF, asked, charge, reserve, settle, tariff_of
from tests.unit.domain.metered import CAR, DAY, VAN, Customer
from tests.unit.domain.test_metering_properties import Step, World, steps, tariffs

limits = st.integers(1, 10**18)


def told(account: Customer) -> list[tuple[str, int]]:
    return [(each.kind, each.percent) for each in reached_by(account.meter)]


@given(limits, limits)
def test_what_is_reached_is_what_arithmetic_says(used: int, most: int) -> None:
    assert percents_of(used, most) == tuple(
        percent for percent in PERCENTS if used * 100 >= percent * most
    )


@given(limits, st.integers(0, 10**18), st.integers(0, 10**18))
def test_who_uses_more_reaches_no_less(most: int, used: int, more: int) -> None:
    assert set(percents_of(used, most)) <= set(percents_of(used + more, most))


@given(limits)
def test_nothing_used_reaches_nothing(most: int) -> None:
    assert percents_of(0, most) == percents_of(-1, most) == percents_of(0, 0) == ()


@pytest.mark.parametrize(
    ("used", "most", "percents"),
    [
        (1, 1, (50, 80, 100)),
        (1, 2, (50,)),
        (2, 2, (50, 80, 100)),
        (1, 3, ()),
        (2, 3, (50,)),
        (49, 100, ()),
        (50, 100, (50,)),
        (79, 100, (50,)),
        (80, 100, (50, 80)),
        (99, 100, (50, 80)),
        (1000, 100, (50, 80, 100)),
        (1, 0, (50, 80, 100)),
    ],
)
def test_small_limits_and_big_jumps(used: int, most: int, percents: tuple[int, ...]) -> None:
    assert percents_of(used, most) == percents


def test_a_quota_reaches_its_thresholds_one_after_the_other() -> None:
    account, seen = Customer(), []
    for number in range(10):
        account(charge(asked(number, tariff=tariff_of(requests=10))))
        seen.append(len(told(account)))

    assert seen == [0, 0, 0, 0, 1, 1, 1, 2, 2, 3]
    assert reached_by(account.meter)[2] == Reached(ANA, "requests_per_day", DAY, 100, 10, 10)


def test_a_quota_of_a_resource_reaches_its_own() -> None:
    account, tariff = Customer(), tariff_of(requests=100, resource_requests={"players": 2})
    account(charge(asked(1, tariff=tariff)._replace(resource="products")))
    assert reached_by(account.meter) == []
    account(charge(asked(2, tariff=tariff)))
    assert reached_by(account.meter) == [
        Reached(ANA, "requests_per_day", DAY, 50, 1, 2, None, "players")
    ]


def test_only_different_vehicles_reach_their_quota() -> None:
    account, tariff = Customer(), tariff_of(vins=2)
    for number in range(3):
        account(charge(asked(number, vin=CAR, tariff=tariff)))
    assert told(account) == [("vins_per_day", 50)]
    account(charge(asked(9, vin=VAN, tariff=tariff)))
    assert told(account) == [("vins_per_day", percent) for percent in PERCENTS]


def test_what_is_reserved_does_not_count() -> None:
    account, tariff = Customer(), tariff_of(requests=1, cap=10 * CENT)
    mine = asked(1, tariff=tariff)
    account(reserve(mine))
    assert told(account) == []
    account(settle(mine))
    assert {percent for _, percent in told(account)} == set(PERCENTS)


def test_money_counts_in_the_plans_currency_by_the_month() -> None:
    account = Customer()
    account.meter.month = 12
    account.meter.spent = {"JPY": 1000 * CENT}
    account(charge(asked(1, tariff=tariff_of(cap=10 * CENT))))

    assert reached_by(account.meter) == [
        Reached(ANA, "spend_cap", 12, 50, 5 * CENT, 10 * CENT, "EUR")
    ]


def test_a_cap_that_only_notifies_is_told_beyond_all_of_it() -> None:
    account = Customer()
    tariff = replace(TARIFF, spend_cap=SpendCap(4 * CENT, blocks=False))
    account(charge(asked(1, tariff=tariff)))

    assert told(account) == [("spend_cap", percent) for percent in PERCENTS]
    assert reached_by(account.meter)[2].used == 5 * CENT


def test_all_of_a_cap_is_used_once_an_answer_does_not_fit() -> None:
    account, tariff = Customer(), tariff_of(cap=12 * CENT)
    for number in range(2):
        account(charge(asked(number, tariff=tariff)))
    assert told(account) == [("spend_cap", 50), ("spend_cap", 80)]
    account.refused(charge(asked(3, tariff=tariff)))
    assert told(account) == [("spend_cap", 50), ("spend_cap", 80), ("spend_cap", 100)]


def test_what_is_refused_for_others_reservations_is_not_all_of_a_cap() -> None:
    account, tariff = Customer(), tariff_of(cap=12 * CENT)
    account(reserve(asked(1, tariff=tariff)))
    account.refused(charge(asked(2, tariff=tariff)))

    assert told(account) == []


def test_of_two_caps_the_lower_is_told_and_the_lower_that_blocks_refuses() -> None:
    account = Customer()
    tariff = replace(
        TARIFF,
        spend_cap=SpendCap(12 * CENT, blocks=True),
        own_cap=SpendCap(5 * CENT, blocks=False),
    )
    account(charge(asked(1, tariff=tariff)))
    assert reached_by(account.meter)[2] == Reached(
        ANA, "spend_cap", 0, 100, 5 * CENT, 5 * CENT, "EUR"
    )
    account(charge(asked(2, tariff=tariff)))
    assert account.refused(charge(asked(3, tariff=tariff))) == "spend"


def test_a_limit_that_was_lowered_is_told_with_the_next_record() -> None:
    account = Customer()
    for number in range(6):
        account(charge(asked(number, tariff=tariff_of(requests=100))))
    assert told(account) == []
    account(charge(asked(7, tariff=tariff_of(requests=8))))
    assert told(account) == [("requests_per_day", 50), ("requests_per_day", 80)]


def test_another_day_is_another_period() -> None:
    account, tariff = Customer(), tariff_of(requests=1)
    account(charge(asked(1, tariff=tariff)))
    account.meter.begin()
    account(charge(asked(2, tariff=tariff, at=NOON + DAY_SECONDS)))

    assert {each.period for each in reached_by(account.meter)} == {DAY + 1}


def test_who_has_no_limits_reaches_none() -> None:
    account = Customer()
    assert reached_by(account.meter) == []
    for number in range(100):
        account(charge(asked(number), Metered.MISS))
    assert told(account) == []


@given(tariffs, steps)
def test_whatever_happens_each_is_told_once_and_none_is_left_out(
    tariff: Tariff, all_steps: list[Step]
) -> None:
    """Also where voids lower what was used, and it is used up again."""
    world, keys = World(tariff), Counter[tuple[str, int, int, str]]()
    highest: Counter[tuple[str, int, str]] = Counter()
    known: set[tuple[str, str, int, int, str]] = set()
    for each in all_steps:
        world.step(*each)
        for day, count in world.meter.days.items():
            used = {("requests_per_day", ""): count.requests, ("vins_per_day", ""): count.vins}
            for name, mine in count.resources.items():
                used["requests_per_day", name] = mine.requests
            for (kind, name), number in used.items():
                highest[kind, day, name] = max(highest[kind, day, name], number)
        fresh = [each for each in reached_by(world.meter) if each.place not in known]
        known.update(each.place for each in fresh)
        keys.update((each.kind, each.period, each.percent, each.resource) for each in fresh)

    assert all(count == 1 for count in keys.values())
    for (kind, day, name), most_used in highest.items():
        most = tariff.resource_requests.get(name) if name else getattr(tariff, kind)
        if most is not None:
            expected = {(kind, day, percent, name) for percent in percents_of(most_used, most)}
            assert expected == {key for key in keys if (key[:2], key[3]) == ((kind, day), name)}
