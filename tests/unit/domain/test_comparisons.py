"""What the same usage would have cost."""

from dataclasses import replace

from plg.domain.ledger.comparisons import Cost, Tally, billed_cost, cost_under
from plg.domain.money import Currency
from plg.domain.plans.plans import Metered, ResourceTerms, Unit
from plg.domain.records.meter_rules import MeterRule, MeterRules
from tests.fakes.billing import EUR
from tests.fakes.memory_plans import PREMIUM
from tests.fakes.usage import CENT

HITS = Tally("players", "hit", "EUR", 10 * CENT, "basic", 1, 10, 10, 0)
DISTINCT = MeterRules().count_distinct
CARS = Tally("vehicle_static", "hit", "EUR", 10 * CENT, "basic", 1, 10, 10, 3)


def test_usage_cost_what_its_records_say() -> None:
    dollars = HITS._replace(currency="USD", unit_price=CENT // 1000 * 5, units=100)

    assert billed_cost([HITS, CARS, dollars]) == [
        Cost(EUR, 20, 200 * CENT),
        Cost(Currency("USD"), 100, CENT),
    ]


def test_each_answer_is_a_unit_of_a_plan_for_requests() -> None:
    assert cost_under(PREMIUM, [HITS, CARS], DISTINCT) == Cost(EUR, 20, 100 * CENT)


def test_vehicles_are_units_of_a_plan_for_vehicles() -> None:
    plan = replace(PREMIUM, unit=Unit.VIN)

    assert cost_under(plan, [HITS, CARS], DISTINCT) == Cost(EUR, 13, 65 * CENT)


def test_a_declared_resource_is_no_vehicle_because_of_its_name() -> None:
    parts = HITS._replace(resource="vehicle_parts")

    assert cost_under(replace(PREMIUM, unit=Unit.VIN), [parts, CARS], DISTINCT).units == 13


def test_outcomes_have_their_prices() -> None:
    plan = replace(PREMIUM, prices={Metered.MISS: 20 * CENT})
    misses, unknown = HITS._replace(metered="miss"), CARS._replace(metered="not_found")

    assert cost_under(plan, [HITS, misses, unknown], DISTINCT) == Cost(EUR, 30, 250 * CENT)


def test_a_line_is_rounded_once_whatever_the_records_cost() -> None:
    plan = replace(PREMIUM, price=CENT // 10 * 3)
    cheaper = HITS._replace(unit_price=1, answers=15)

    assert cost_under(plan, [HITS, cheaper], DISTINCT).amount == 8 * CENT
    assert cost_under(plan, [], DISTINCT) == Cost(EUR, 0, 0)


def test_resources_have_their_prices() -> None:
    plan = replace(PREMIUM, resources={"players": ResourceTerms(CENT)})

    assert cost_under(plan, [HITS, CARS], DISTINCT) == Cost(EUR, 20, 60 * CENT)


def test_records_of_a_resource_count_as_they_did_or_do() -> None:
    plan = replace(PREMIUM, unit=Unit.VIN)
    parts = HITS._replace(resource="parts")
    declared = MeterRules([MeterRule("parts", "sku")]).count_distinct

    assert cost_under(plan, [parts], declared).units == 0
    assert cost_under(plan, [parts, parts._replace(vins=2, answers=4)], DISTINCT).units == 2
