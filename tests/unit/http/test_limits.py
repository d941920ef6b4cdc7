"""How an answer tells what is left."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plg.domain.rates import UNLIMITED, Decision, LimitTier, Rate, Rule, RuleSet
from plg.entrypoints.http.limits import limit_lines

BURST = Rule(LimitTier.BURST, Rate(60, 60))
SUSTAINED = Rule(LimitTier.SUSTAINED, Rate(1000, 3600))
RULES = RuleSet((BURST, SUSTAINED))
POLICY = b'ratelimit-policy: "burst";q=60;w=60, "sustained";q=1000;w=3600\r\n'


def test_the_policy_and_the_tightest_rule_are_told() -> None:
    decision = Decision(RULES, BURST, 59, 1.0)

    assert limit_lines(decision) == POLICY + b'ratelimit: "burst";r=59;t=1\r\n'


@pytest.mark.parametrize(("seconds", "told"), [(0.0, b"0"), (0.01, b"1"), (12.5, b"13")])
def test_seconds_are_rounded_up(seconds: float, told: bytes) -> None:
    lines = limit_lines(Decision(RULES, SUSTAINED, 0, seconds))

    assert lines == POLICY + b'ratelimit: "sustained";r=0;t=%b\r\n' % told


def test_nothing_is_told_where_no_rules_hold() -> None:
    assert [limit_lines(UNLIMITED) for _ in range(2)] == [b"", b""]


@given(st.sampled_from(LimitTier), st.integers(1, 10**9), st.floats(0, 86400))
def test_lines_are_lists_of_structured_fields(
    tier: LimitTier, remaining: int, reset: float
) -> None:
    rule = Rule(tier, Rate(10**9, 86400))
    lines = limit_lines(Decision(RuleSet((rule,)), rule, remaining, reset))

    assert re.fullmatch(
        rb'ratelimit-policy: "[a-z_]+";q=\d+;w=\d+\r\nratelimit: "[a-z_]+";r=\d+;t=\d+\r\n', lines
    )
