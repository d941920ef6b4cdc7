"""Versions of plans, and what is said of them."""

from dataclasses import replace
from math import inf
from typing import Any

import pytest

from plg.domain.errors import InvalidParameter
from plg.domain.limits.rates import Rate
from plg.domain.money import NANOS_MAX, Currency
from plg.domain.not_given import NOT_GIVEN
from plg.domain.plans.plans import (
    Metered,
    ResourceTerms,
    Unit,
    in_force,
    is_plan_code,
    next_in_force,
)
from plg.domain.plans.tariffs import SpendCap, Tariff
from plg.domain.plans.terms import NewPlan, Terms
from plg.domain.records.lookups import Outcome
from tests.fakes.memory_plans import BASIC

NOW = 1_000_000.0
SECOND = replace(BASIC, version=2, from_at=NOW + 10, price=1)
THIRD = replace(BASIC, version=3, from_at=NOW + 5, price=2)


def test_what_carries_no_data_is_free() -> None:
    assert [BASIC.price_of(each) for each in Metered] == [100_000_000] * 3 + [0, 0]


def test_an_outcome_may_have_a_price_of_its_own() -> None:
    plan = replace(BASIC, prices={Metered.MISS: 7, Metered.NOT_FOUND: 1, Metered.HIT: 0})

    assert [plan.price_of(each) for each in Metered] == [0, 7, 100_000_000, 1, 0]


@pytest.mark.parametrize(
    ("outcome", "metered"),
    [
        (Outcome.HIT, Metered.HIT),
        (Outcome.COLLAPSED, Metered.MISS),
        (Outcome.REVALIDATED, Metered.MISS),
        (Outcome.STALE_IF_ERROR, Metered.STALE),
        (Outcome.NOT_FOUND, Metered.NOT_FOUND),
    ],
)
def test_an_outcome_is_billed_as_what_it_is_to_the_client(
    outcome: Outcome, metered: Metered
) -> None:
    assert Metered.of(outcome) is metered


@pytest.mark.parametrize("code", ["basic", "a", "1-2_x", "x" * 32])
def test_a_code_is_short_and_plain(code: str) -> None:
    assert is_plan_code(code)


@pytest.mark.parametrize(
    ("wrong", "parameter"),
    [
        ({"code": "Basic"}, "code"),
        ({"code": "-x"}, "code"),
        ({"code": "x" * 33}, "code"),
        ({"code": "a\n"}, "code"),
        ({"name": ""}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"requests_per_day": 0}, "requests_per_day"),
        ({"vins_per_day": 1_000_000_001}, "vins_per_day"),
        ({"price": -1}, "price"),
        ({"prices": {Metered.HIT: NANOS_MAX + 1}}, "price"),
    ],
)
def test_a_plan_without_sense_cannot_be_made(wrong: dict[str, Any], parameter: str) -> None:
    with pytest.raises(InvalidParameter) as caught:
        replace(BASIC, **wrong)

    assert caught.value.parameter == parameter


def test_the_newest_version_that_has_begun_is_in_force() -> None:
    versions = [BASIC, SECOND]

    assert [in_force(versions, NOW + each) for each in (0, 9.9, 10, 99)] == [
        BASIC, BASIC, SECOND, SECOND,
    ]  # fmt: skip
    assert [next_in_force(versions, NOW + each) for each in (0, 10)] == [NOW + 10, inf]


def test_a_later_version_that_begins_earlier_takes_the_place_of_one_before() -> None:
    versions = [BASIC, SECOND, THIRD]

    assert [in_force(versions, NOW + each) for each in (0, 5, 99)] == [BASIC, THIRD, THIRD]
    assert [next_in_force(versions, NOW + each) for each in (0, 5)] == [NOW + 5, inf]


def test_before_all_of_them_it_is_the_first() -> None:
    assert in_force([SECOND, replace(SECOND, version=3)], NOW) == SECOND


def test_of_terms_only_what_is_said_changes() -> None:
    terms = Terms(requests_per_day=None, rate=Rate(5, 1))

    assert terms.applied_to(BASIC) == replace(BASIC, requests_per_day=None, rate=Rate(5, 1))
    assert Terms().applied_to(BASIC) == BASIC
    assert (Terms().is_empty, terms.is_empty) == (True, False)


def test_prices_are_laid_over_those_of_the_plan() -> None:
    plan = replace(BASIC, prices={Metered.HIT: 1, Metered.MISS: 2})
    changed = Terms(prices={Metered.MISS: 3}).applied_to(plan)

    assert (changed.price, changed.prices) == (BASIC.price, {Metered.HIT: 1, Metered.MISS: 3})


def test_a_price_takes_the_place_of_prices_too() -> None:
    plan = replace(BASIC, prices={Metered.HIT: 1, Metered.MISS: 2})

    assert Terms(price=5).applied_to(plan).prices == {}
    assert Terms(price=5, prices={Metered.HIT: 9}).applied_to(plan).prices == {Metered.HIT: 9}


def test_a_plan_that_is_new_is_in_force_at_once() -> None:
    plan = NewPlan(terms=Terms(price=5)).first_version("team", NOW)

    assert (plan.code, plan.version, plan.name, plan.price) == ("team", 1, "team", 5)
    assert (plan.currency, plan.unit, plan.is_offered) == (Currency("EUR"), Unit.REQUEST, True)
    assert (plan.requests_per_day, plan.rate, plan.from_at) == (None, None, NOW)


def test_a_plan_that_is_new_has_a_price() -> None:
    with pytest.raises(InvalidParameter, match="price is needed"):
        NewPlan().first_version("team", NOW)


def test_the_next_version_is_what_it_was_where_nothing_is_said() -> None:
    draft = NewPlan("Small", unit=Unit.VIN, is_offered=False)

    assert draft.version_after(BASIC, NOW, NOW + 9) == replace(
        BASIC,
        version=2,
        name="Small",
        unit=Unit.VIN,
        is_offered=False,
        created_at=NOW,
        from_at=NOW + 9,
    )


def test_another_currency_needs_another_price() -> None:
    dollars = NewPlan(currency=Currency("USD"))
    with pytest.raises(InvalidParameter, match="another currency"):
        dollars.version_after(BASIC, NOW, NOW)
    priced = replace(dollars, terms=Terms(price=1))

    assert priced.version_after(BASIC, NOW, NOW).price == 1


def test_a_tariff_is_all_that_an_answer_needs() -> None:
    plan = replace(BASIC, prices={Metered.MISS: 7}, rate=Rate(9, 60), source_calls=Rate(1, 1))
    cap = SpendCap(5, blocks=True)
    tariff = Tariff.of(plan, cap, NOW)

    assert (tariff.plan_code, tariff.plan_version) == ("basic", 1)
    assert [tariff.prices[each] for each in Metered] == [100_000_000, 7, 100_000_000, 0, 0]
    assert (tariff.requests_per_day, tariff.vins_per_day) == (100, None)
    assert (tariff.spend_cap, tariff.valid_until) == (cap, NOW)
    assert (tariff.rates.burst, tariff.rates.sustained) == (Rate(9, 60), Rate(9, 60))
    assert tariff.source_calls == Rate(1, 1)


def test_nothing_said_does_not_look_like_something() -> None:
    assert repr(NOT_GIVEN) == "NOT_GIVEN"


PRODUCTS = {"products": ResourceTerms(2, {Metered.MISS: 7})}


def test_a_resource_has_its_own_prices_and_the_rest_of_the_plan() -> None:
    plan = replace(BASIC, resources=PRODUCTS, prices={Metered.HIT: 5, Metered.NOT_FOUND: 1})

    assert [plan.price_of(each, "products") for each in Metered] == [2, 7, 2, 1, 0]
    assert plan.price_of(Metered.HIT, "players") == plan.price_of(Metered.HIT) == 5


def test_a_tariff_has_the_prices_of_resources() -> None:
    tariff = Tariff.of(replace(BASIC, resources=PRODUCTS), None, inf)

    assert tariff.prices_of("products")[Metered.MISS] == 7
    assert tariff.prices_of("players") == tariff.prices


def test_terms_of_a_resource_join_those_before_and_go_away_again() -> None:
    plan = replace(BASIC, resources=PRODUCTS)
    joined = Terms(resources={"products": ResourceTerms(prices={Metered.HIT: 3})})
    replaced, removed = ResourceTerms(9), Terms(resources={"products": None})

    assert joined.applied_to(plan).resources == {
        "products": ResourceTerms(2, {Metered.MISS: 7, Metered.HIT: 3})
    }
    assert Terms(resources={"products": replaced}).applied_to(plan).resources == {
        "products": replaced
    }
    assert removed.applied_to(plan).resources == {}
    assert Terms(price=1).applied_to(plan).resources == PRODUCTS


def test_prices_of_resources_do_not_outlive_their_currency() -> None:
    dollars = NewPlan(currency=Currency("USD"), terms=Terms(price=1))

    assert dollars.version_after(replace(BASIC, resources=PRODUCTS), NOW, NOW).resources == {}


def test_a_price_of_a_resource_has_the_bounds_of_a_price() -> None:
    with pytest.raises(InvalidParameter):
        replace(BASIC, resources={"products": ResourceTerms(-1)})
