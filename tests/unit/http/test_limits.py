"""How an answer tells what is left."""

import re

from hypothesis import given
from hypothesis import strategies as st

from plg.domain.limits.rates import UNLIMITED, Decision, LimitTier, Rate, Rule, RuleSet
from plg.entrypoints.http.protocol.limits import Quota, limit_lines

BURST = Rule(LimitTier.BURST, Rate(60, 60))
SUSTAINED = Rule(LimitTier.SUSTAINED, Rate(1000, 3600))
RULES = RuleSet((BURST, SUSTAINED))
POLICY = b'ratelimit-policy: "burst";q=60;w=60, "sustained";q=1000;w=3600'
LEFT = b'ratelimit: "burst";r=59;t=1, "sustained";r=999;t=4'
DECISION = Decision(RULES, [59, 1, 999, 4])


def test_every_policy_is_told_in_its_order() -> None:
    assert limit_lines(DECISION) == POLICY + b"\r\n" + LEFT + b"\r\n"


def test_the_quotas_of_the_day_are_told_after_the_rates() -> None:
    quotas = [Quota("daily", 1000, 412, 36399.2), Quota("vins", 50, 0, 36399.2)]

    assert limit_lines(DECISION, quotas) == (
        POLICY
        + b', "daily";q=1000;w=86400, "vins";q=50;w=86400\r\n'
        + LEFT
        + b', "daily";r=412;t=36400, "vins";r=0;t=36400\r\n'
    )


def test_a_decision_can_be_told_of_again() -> None:
    limit_lines(DECISION, [Quota("daily", 1000, 412, 36399.2)])

    assert limit_lines(DECISION) == POLICY + b"\r\n" + LEFT + b"\r\n"


def test_nothing_is_told_where_no_rules_hold() -> None:
    assert [limit_lines(UNLIMITED) for _ in range(2)] == [b"", b""]


@given(st.lists(st.sampled_from(LimitTier), min_size=1, unique=True), st.data())
def test_both_fields_are_lists_of_the_same_names(
    tiers: list[LimitTier], data: st.DataObject
) -> None:
    rules = RuleSet(tuple(Rule(tier, Rate(10**9, 86400)) for tier in tiers))
    figures = st.lists(st.integers(0, 10**9), min_size=2 * len(tiers), max_size=2 * len(tiers))
    lines = limit_lines(Decision(rules, data.draw(figures))).decode()

    match = re.fullmatch(
        r'ratelimit-policy: ("[a-z_]+";q=\d+;w=\d+(?:, )?)+\r\n'
        r'ratelimit: ("[a-z_]+";r=\d+;t=\d+(?:, )?)+\r\n',
        lines,
    )
    assert match is not None
    assert re.findall(r'"([a-z_]+)"', lines) == [tier.value for tier in tiers] * 2
