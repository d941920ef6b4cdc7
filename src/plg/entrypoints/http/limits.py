"""How an answer tells what is left: RateLimit fields (draft-ietf-httpapi-ratelimit-headers)."""

from math import ceil
from typing import Final

from plg.domain.rates import Decision, RuleSet

POLICIES_MAX: Final = 4096
_policies: dict[RuleSet, bytes] = {}


def limit_lines(decision: Decision) -> bytes:
    """Return the header lines for a decision; none where no rules hold."""
    policy = _policies.get(decision.rules)
    if policy is None:
        policy = _remember(decision.rules)
    if not policy:
        return b""
    return b'%bratelimit: "%b";r=%d;t=%d\r\n' % (
        policy,
        decision.tightest.tier.encode(),
        decision.remaining,
        ceil(decision.reset_seconds),
    )


def _remember(rules: RuleSet) -> bytes:
    """The policy's line is the same for every answer under the same rules."""
    if len(_policies) >= POLICIES_MAX:
        _policies.clear()
    policies = ", ".join(
        f'"{rule.tier.value}";q={rule.rate.limit};w={rule.rate.seconds}' for rule in rules.rules
    )
    line = f"ratelimit-policy: {policies}\r\n".encode() if policies else b""
    _policies[rules] = line
    return line
