"""What holds for one account, and until when."""

from dataclasses import replace
from datetime import UTC, datetime
from math import inf

import pytest

from plg.domain.ledger.periods import next_period, period_start
from plg.domain.plans.account_plans import AccountTerms, Assignment, Override, PlanState
from plg.domain.plans.terms import Terms
from tests.fakes.memory_plans import BASIC, PREMIUM

NOW = 1_000_000.0
SECOND = replace(BASIC, version=2, from_at=NOW + 10, price=1)
VERSIONS = [BASIC, SECOND]


def override(from_at: float, until_at: float | None, terms: Terms) -> Override:
    return Override(f"O{from_at}", "ana", from_at, until_at, terms)


def at(*when: int) -> float:
    return datetime(*when, tzinfo=UTC).timestamp()  # type: ignore[arg-type, misc]


@pytest.mark.parametrize(
    ("instant", "start", "end"),
    [
        (at(2026, 11, 22, 3, 7), at(2026, 11, 1), at(2026, 12, 1)),
        (at(2026, 12, 31, 23, 59), at(2026, 12, 1), at(2027, 1, 1)),
        (at(2027, 1, 1), at(2027, 1, 1), at(2027, 2, 1)),
        (at(2028, 2, 29), at(2028, 2, 1), at(2028, 3, 1)),
    ],
)
def test_a_period_is_a_month_in_utc(instant: float, start: float, end: float) -> None:
    assert (period_start(instant), next_period(instant)) == (start, end)


def test_who_has_nothing_follows_the_default_plan() -> None:
    standing = PlanState.at(NOW, AccountTerms(), VERSIONS)

    assert (standing.plan, standing.effective, standing.is_pinned) == (BASIC, BASIC, False)
    assert standing.valid_until == NOW + 10
    assert PlanState.at(NOW + 10, AccountTerms(), VERSIONS).plan == SECOND


def test_who_stays_on_a_version_does_not_follow() -> None:
    terms = AccountTerms((Assignment("ana", NOW - 5, "basic", 1),))
    standing = PlanState.at(NOW + 50, terms, VERSIONS)

    assert (standing.plan, standing.is_pinned, standing.valid_until) == (BASIC, True, inf)


def test_one_may_be_on_a_version_before_others() -> None:
    terms = AccountTerms((Assignment("ana", NOW, "basic", 2),))

    assert PlanState.at(NOW, terms, VERSIONS).plan == SECOND


def test_the_last_assignment_that_has_begun_holds() -> None:
    first, second = Assignment("ana", NOW - 9, "basic"), Assignment("ana", NOW + 9, "premium")
    terms = AccountTerms((first, second))

    found = [terms.assignment_at(NOW + each) for each in (-10, -9, 0, 9)]
    assert found == [None, first, first, second]
    assert [terms.planned_after(NOW + each) for each in (-10, 0, 9)] == [
        (first, second), (second,), (),
    ]  # fmt: skip
    assert PlanState.at(NOW, terms, [BASIC]).valid_until == NOW + 9


def test_an_override_holds_from_its_beginning_to_before_its_end() -> None:
    terms = AccountTerms(overrides=(override(NOW, NOW + 5, Terms(price=3)),))
    prices = [
        PlanState.at(NOW + each, terms, [PREMIUM]).effective.price for each in (-1, 0, 4.9, 5)
    ]

    assert prices == [50_000_000, 3, 3, 50_000_000]


def test_of_two_overrides_the_one_that_began_later_holds() -> None:
    first = override(NOW - 2, None, Terms(price=3, requests_per_day=None))
    second = override(NOW - 1, NOW + 5, Terms(price=4))
    standing = PlanState.at(NOW, AccountTerms(overrides=(first, second)), [BASIC])

    assert standing.plan == BASIC
    assert standing.effective == replace(BASIC, price=4, requests_per_day=None)


@pytest.mark.parametrize(
    ("instant", "until"), [(NOW, NOW + 1), (NOW + 1, NOW + 3), (NOW + 3, inf), (NOW + 4, inf)]
)
def test_what_holds_is_certain_until_the_next_edge(instant: float, until: float) -> None:
    terms = AccountTerms(overrides=(override(NOW + 1, NOW + 3, Terms(price=3)),))

    assert PlanState.at(instant, terms, [PREMIUM]).valid_until == until
