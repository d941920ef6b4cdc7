"""How an answer tells what is left: RateLimit fields (draft-ietf-httpapi-ratelimit-headers)."""

from functools import lru_cache
from math import ceil
from typing import Final

from plg.domain.rates import Decision, RuleSet

POLICIES_MAX: Final = 4096


def limit_lines(decision: Decision) -> bytes:
    """Return the header lines for a decision; none where no rules hold."""
    policy = _policy_line(decision.rules)
    if not policy:
        return b""
    return b'%bratelimit: "%b";r=%d;t=%d\r\n' % (
        policy,
        decision.tightest.tier.encode(),
        decision.remaining,
        ceil(decision.reset_seconds),
    )


@lru_cache(POLICIES_MAX)
def _policy_line(rules: RuleSet) -> bytes:
    """Return the line that is the same in every answer under the same rules."""
    policies = ", ".join(
        f'"{rule.tier.value}";q={rule.rate.limit};w={rule.rate.seconds}' for rule in rules.rules
    )
    return f"ratelimit-policy: {policies}\r\n".encode() if policies else b""
