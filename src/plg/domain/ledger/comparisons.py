"""
What the same usage would have cost under another plan.

Answers that were free under the old plan and have no record (no match, not modified) are not
known, and quotas are left out: what the other plan would have refused is counted too.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from plg.domain.ledger.metering import CARRY_DATA
from plg.domain.money import Currency
from plg.domain.plans.plans import Metered, Plan, Unit


class Tally(NamedTuple):
    """
    Records of one kind in some time.

    Attributes:
        answers: How many records, less those that were taken back.
        vins: How many were the first of their distinct record on a day.
    """

    resource: str
    metered: str
    currency: str
    unit_price: int
    plan_code: str
    plan_version: int
    units: int
    answers: int
    vins: int


@dataclass(frozen=True, slots=True)
class Cost:
    """What usage costs in one currency."""

    currency: Currency
    units: int
    amount: int


def billed_cost(tallies: Iterable[Tally]) -> list[Cost]:
    """Return what usage cost at the prices of its records, by currency, rounded by line."""
    units: dict[str, int] = {}
    amounts: dict[str, int] = {}
    for each in tallies:
        code = each.currency
        units[code] = units.get(code, 0) + each.units
        amount = Currency(code).rounded(each.units * each.unit_price)
        amounts[code] = amounts.get(code, 0) + amount
    return [Cost(Currency(code), units[code], amounts[code]) for code in sorted(units)]


def total_cost(costs: Iterable[Cost]) -> list[Cost]:
    """Return what costs come to, by currency."""
    totals: dict[str, Cost] = {}
    for each in costs:
        code = each.currency.code
        so_far = totals.get(code, Cost(each.currency, 0, 0))
        totals[code] = Cost(each.currency, so_far.units + each.units, so_far.amount + each.amount)
    return [totals[code] for code in sorted(totals)]


def cost_under(plan: Plan, tallies: Collection[Tally], count_distinct: Collection[str]) -> Cost:
    """
    Return what the same usage would have cost, rounded by resource and outcome.

    Args:
        plan: The other plan.
        tallies: What was used.
        count_distinct: Resources of which distinct records are counted now; one of which they
            were counted then is another.
    """
    distinct = {*count_distinct, *(each.resource for each in tallies if each.vins)}
    lines: dict[tuple[str, Metered], int] = {}
    for each in tallies:
        line = (each.resource, Metered(each.metered))
        is_distinct = each.resource in distinct
        lines[line] = lines.get(line, 0) + _units(plan, each, is_distinct=is_distinct)
    amounts = [units * plan.price_of(metered, name) for (name, metered), units in lines.items()]
    rounded = plan.currency.rounded
    return Cost(plan.currency, sum(lines.values()), sum(rounded(each) for each in amounts))


def _units(plan: Plan, tally: Tally, *, is_distinct: bool) -> int:
    is_per_record = plan.unit is Unit.VIN and is_distinct and tally.metered in CARRY_DATA
    return tally.vins if is_per_record else tally.answers
