"""Rates as an operator writes them."""

import pytest

from plg.domain.limits.rates import LIMIT_MAX, LimitTier, Rate, Rule, RuleSet


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        ("60/minute", Rate(60, 60)),
        (" 5 / Seconds ", Rate(5, 1)),
        ("1000/hour", Rate(1000, 3600)),
        ("1/day", Rate(1, 86400)),
        ("1000000000/second", Rate(LIMIT_MAX, 1)),
    ],
)
def test_a_rate_is_read(text: str, rate: Rate) -> None:
    assert Rate.parse(text) == rate


@pytest.mark.parametrize(
    "text", ["", "60", "0/minute", "-1/minute", "1/week", "1.5/second", "٣/day", "1000000001/day"]
)
def test_what_is_no_rate_is_refused(text: str) -> None:
    bounds = "such as 60/minute: 1 to 1000000000 requests a second, minute, hour or day"
    with pytest.raises(ValueError, match=bounds):
        Rate.parse(text)


@pytest.mark.parametrize(("limit", "seconds"), [(0, 60), (LIMIT_MAX + 1, 60), (1, 0), (1, 86401)])
def test_a_rate_without_sense_cannot_be_made(limit: int, seconds: int) -> None:
    with pytest.raises(ValueError, match="must be a rate"):
        Rate(limit, seconds)


@pytest.mark.parametrize("text", ["60/minute", "1/second", "7/hour", "9/day", "3/90 seconds"])
def test_a_rate_is_written_as_it_is_read(text: str) -> None:
    rate = Rate(3, 90) if text == "3/90 seconds" else Rate.parse(text)

    assert str(rate) == text


def test_a_set_is_the_same_only_as_itself() -> None:
    rules = (Rule(LimitTier.BURST, Rate(1, 1)),)

    assert RuleSet(rules) != RuleSet(rules)
    assert RuleSet(rules).rules == RuleSet(rules).rules
