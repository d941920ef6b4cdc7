"""How an answer tells what is left: RateLimit fields (draft-ietf-httpapi-ratelimit-headers)."""

from dataclasses import dataclass
from functools import lru_cache
from math import ceil
from typing import Final

from plg.domain.rates import DAY_SECONDS, Decision, RuleSet

POLICIES_MAX: Final = 4096


@dataclass(frozen=True, slots=True)
class Quota:
    """
    A daily quota, as an answer tells of it.

    Attributes:
        policy: The name it has in the fields: `daily` or `vins`.
        reset_seconds: Until the day, in UTC, ends.
    """

    policy: str
    limit: int
    left: int
    reset_seconds: float


def limit_lines(decision: Decision, quota: Quota | None = None) -> bytes:
    """
    Return the header lines for a decision and a quota; none where neither holds.

    Of all policies, the one with the least left is told about.
    """
    if quota is not None:
        return _lines_with_quota(decision, quota)
    policy = _policy_line(decision.rules)
    if not policy:
        return b""
    return b'%bratelimit: "%b";r=%d;t=%d\r\n' % (
        policy,
        decision.tightest.tier.encode(),
        decision.remaining,
        ceil(decision.reset_seconds),
    )


def _lines_with_quota(decision: Decision, quota: Quota) -> bytes:
    policy = _policy_line(decision.rules, quota.policy, quota.limit)
    name, left, reset = quota.policy, quota.left, quota.reset_seconds
    if decision.remaining < left:
        name = decision.tightest.tier.value
        left, reset = decision.remaining, decision.reset_seconds
    return b'%bratelimit: "%b";r=%d;t=%d\r\n' % (policy, name.encode(), left, ceil(reset))


@lru_cache(POLICIES_MAX)
def _policy_line(rules: RuleSet, quota: str = "", quota_limit: int = 0) -> bytes:
    """Return the line that is the same in every answer under the same rules."""
    policies = [
        f'"{rule.tier.value}";q={rule.rate.limit};w={rule.rate.seconds}' for rule in rules.rules
    ]
    if quota:
        policies.append(f'"{quota}";q={quota_limit};w={DAY_SECONDS}')
    return f"ratelimit-policy: {', '.join(policies)}\r\n".encode() if policies else b""
