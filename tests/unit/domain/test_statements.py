"""How sums become lines, and what of them can be given back."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plg.domain.errors import InvalidParameter
from plg.domain.ledger.statements import (
    CreditedLine,
    Line,
    Statement,
    StatementKind,
    UsageSum,
    closing_lines,
    credit,
    due,
    due_by_currency,
    number_of,
)
from plg.domain.ledger.usage import LineKey
from plg.domain.money import Currency
from plg.domain.plans.plans import Metered
from tests.fakes.billing import EUR, FIRST, HITS, NOTE
from tests.fakes.clock import NOON
from tests.fakes.usage import ANA, CENT

NEW_YEAR = 1_767_225_600.0  # 2026-01-01T00:00:00Z
NANO_CENT = CENT // 1000


def usage(
    units: int,
    price: int = 5 * CENT,
    *,
    currency: str = "EUR",
    metered: str = "hit",
    version: int = 1,
    resource: str = "players",
) -> UsageSum:
    key = LineKey(ANA, currency, resource, metered, price, "basic", version)
    return UsageSum(key, units, abs(units))


def amounts(sums: Sequence[UsageSum]) -> dict[str, list[int]]:
    lines = closing_lines(sums)
    return {currency.code: [line.amount for line in each] for currency, each in lines.items()}


@pytest.mark.parametrize(
    ("kind", "serial", "at", "number"),
    [
        (StatementKind.STATEMENT, 1, NEW_YEAR, "PLG-2026-000001"),
        (StatementKind.STATEMENT, 42, NEW_YEAR - 0.001, "PLG-2025-000042"),
        (StatementKind.CREDIT_NOTE, 1, NEW_YEAR, "PLG-CN-2026-000001"),
        (StatementKind.STATEMENT, 1_234_567, NEW_YEAR, "PLG-2026-1234567"),
    ],
)
def test_a_number_has_its_series_the_year_and_what_is_counted(
    kind: StatementKind, serial: int, at: float, number: str
) -> None:
    assert number_of(kind, serial, at) == number


@pytest.mark.parametrize(
    ("units", "price", "amount"),
    [
        (12, 10 * CENT, 120 * CENT),
        (1, 4 * NANO_CENT, 0),
        (125, 4 * NANO_CENT, CENT),
        (124, 4 * NANO_CENT, 0),
        (-125, 4 * NANO_CENT, -CENT),
        (3, 15 * CENT + 5 * CENT // 10, 47 * CENT),
        (0, 5 * CENT, 0),
    ],
)
def test_a_line_is_rounded_once_halves_away_from_zero(units: int, price: int, amount: int) -> None:
    assert Line.of(usage(units, price)).amount == amount


def test_a_line_of_a_currency_without_cents_is_rounded_to_its_unit() -> None:
    assert Line.of(usage(3, 50 * CENT, currency="JPY")).amount == 200 * CENT


def test_a_line_is_rounded_to_the_decimals_that_its_statement_states() -> None:
    shillings = usage(3, 50 * CENT + CENT // 2, currency="UGX")

    assert (Line.of(shillings).amount, Line.of(shillings, 2).amount) == (200 * CENT, 152 * CENT)


def test_each_currency_has_its_lines_in_their_order() -> None:
    sums = [
        usage(1, metered="miss"),
        usage(1, currency="USD"),
        usage(1, version=2),
        usage(1),
        usage(1, resource="vehicle_static"),
    ]
    lines = closing_lines(sums)

    assert [currency.code for currency in lines] == ["EUR", "USD"]
    assert [(line.resource, line.metered, line.plan_version) for line in lines[EUR]] == [
        ("players", "hit", 1),
        ("players", "hit", 2),
        ("players", "miss", 1),
        ("vehicle_static", "hit", 1),
    ]


@pytest.mark.parametrize(
    "sums",
    [
        [],
        [usage(0)],
        [usage(9, 0)],
        [usage(1, NANO_CENT), usage(1, NANO_CENT, metered="miss")],
        [usage(-1)],
        [usage(1), usage(-1, metered="miss")],
        [usage(-3), usage(7, 0, currency="USD")],
    ],
)
def test_what_does_not_come_to_more_than_zero_is_not_closed(sums: list[UsageSum]) -> None:
    assert closing_lines(sums) == {}


def test_what_is_free_is_closed_with_what_is_not() -> None:
    assert amounts([usage(9, 0), usage(1), usage(5, 0, currency="USD")]) == {
        "EUR": [0, 5 * CENT],
        "USD": [0],
    }


def test_what_was_taken_back_after_its_statement_lowers_the_next() -> None:
    assert amounts([usage(-1), usage(3, metered="miss")]) == {"EUR": [-5 * CENT, 15 * CENT]}


prices = st.sampled_from([0, 1, CENT // 3, CENT // 2, CENT, 10 * CENT, 12_345_678])
keys = st.builds(
    LineKey,
    st.just(ANA),
    st.sampled_from(["EUR", "JPY", "KWD"]),
    st.sampled_from(["players", "vehicle_static"]),
    st.sampled_from([metered.value for metered in Metered]),
    prices,
    st.sampled_from(["basic", "premium"]),
    st.integers(1, 2),
)


@given(st.lists(st.tuples(keys, st.sampled_from([-1, 0, 1])), max_size=60))
def test_lines_are_what_decimals_make_of_the_records(records: list[tuple[LineKey, int]]) -> None:
    sums: dict[LineKey, UsageSum] = {}
    for key, units in records:
        known = sums.get(key, UsageSum(key, 0, 0))
        sums[key] = UsageSum(key, known.units + units, known.records + 1)
    expected: dict[str, Decimal] = {}
    for key in sums:
        exact = sum(units * Decimal(key.unit_price) for each, units in records if each == key)
        cent = Decimal(1).scaleb(-Currency(key.currency).minor_digits)
        rounded = (Decimal(exact) / 10**9).quantize(cent, ROUND_HALF_UP)
        expected[key.currency] = expected.get(key.currency, Decimal(0)) + rounded
    lines = closing_lines(sums.values())
    found = {currency.code: Decimal(due(each)) / 10**9 for currency, each in lines.items()}

    assert found == (expected if any(each > 0 for each in expected.values()) else {})
    assert sum(len(each) for each in lines.values()) in (0, len(sums))
    told = due_by_currency(sums.values())
    assert {code: Decimal(amount) / 10**9 for code, amount in told.items()} == expected


def test_all_of_a_statement_can_be_given_back() -> None:
    lines = credit(FIRST, [], None)

    assert [(line.credits, line.amount, line.units) for line in lines] == [
        (1, -50 * CENT, 0),
        (2, -50 * CENT, 0),
    ]
    assert due(lines) == -FIRST.amount


def test_what_is_left_after_earlier_credit_notes_can_be_given_back() -> None:
    lines = credit(FIRST, [NOTE], None)

    assert [(line.credits, line.amount) for line in lines] == [(1, -30 * CENT), (2, -50 * CENT)]


def test_a_part_of_a_line_can_be_given_back() -> None:
    wanted = [CreditedLine(2, 7 * CENT), CreditedLine(1)]
    lines = credit(FIRST, [NOTE], wanted)

    assert [(line.credits, line.metered, line.amount) for line in lines] == [
        (2, "miss", -7 * CENT),
        (1, "hit", -30 * CENT),
    ]


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ([], "at least one"),
        ([CreditedLine(1), CreditedLine(1)], "each line once"),
        ([CreditedLine(3)], "Of line 3 at most 0.00"),
        ([CreditedLine(0)], "Of line 0 at most 0.00"),
        ([CreditedLine(1, 30 * CENT + 1)], "Of line 1 at most 0.30"),
        ([CreditedLine(1, 0)], "at most"),
        ([CreditedLine(1, CENT // 2)], "0.005 is no amount"),
    ],
)
def test_no_more_than_is_left_can_be_given_back(wanted: list[CreditedLine], said: str) -> None:
    with pytest.raises(InvalidParameter, match=said):
        credit(FIRST, [NOTE], wanted)


def test_a_statement_is_given_back_once() -> None:
    whole = replace(NOTE, lines=credit(FIRST, [], None))
    with pytest.raises(InvalidParameter, match="given back already"):
        credit(FIRST, [whole], None)


def test_a_credit_note_is_not_given_back() -> None:
    with pytest.raises(InvalidParameter, match="Only a statement"):
        credit(NOTE, [], None)


def test_lines_that_lowered_a_statement_are_given_back_with_all_of_it() -> None:
    lower = replace(HITS, units=-1, amount=-5 * CENT)
    statement = replace(FIRST, lines=(HITS, lower))
    lines = credit(statement, [], None)

    assert [line.amount for line in lines] == [-50 * CENT, 5 * CENT]
    with pytest.raises(InvalidParameter):
        credit(statement, [], [CreditedLine(2)])


@given(
    st.lists(st.integers(0, 99).map(lambda n: n * CENT), min_size=1, max_size=4),
    st.lists(st.tuples(st.integers(0, 5), st.integers(0, 120)), max_size=12),
)
def test_credit_notes_never_exceed_a_line(billed: list[int], wishes: list[tuple[int, int]]) -> None:
    statement = replace(FIRST, lines=tuple(replace(HITS, amount=each) for each in billed))
    notes: list[Statement] = []
    for number, cents in wishes:
        try:
            lines = credit(statement, notes, [CreditedLine(number, cents * CENT)])
        except InvalidParameter:
            continue
        notes.append(replace(NOTE, lines=lines, closed_at=NOON))
    for number, amount in enumerate(billed, 1):
        given_back = -sum(
            line.amount for note in notes for line in note.lines if line.credits == number
        )
        assert 0 <= given_back <= amount
