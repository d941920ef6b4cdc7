"""How an answer tells what is left: RateLimit fields (draft-ietf-httpapi-ratelimit-headers)."""

from collections.abc import Sequence
from functools import lru_cache
from math import ceil
from typing import Final, NamedTuple

from plg.domain.limits.rates import DAY_SECONDS, Decision, RuleSet

POLICIES_MAX: Final = 4096


class Quota(NamedTuple):
    """
    A daily quota, as an answer tells of it; a named tuple, because one is made for each hit.

    Attributes:
        policy: The name it has in the fields: `daily` or `vins`.
        reset_seconds: Until the day, in UTC, ends.
    """

    policy: str
    limit: int
    left: int
    reset_seconds: float


def limit_lines(decision: Decision, quotas: Sequence[Quota] = ()) -> bytes:
    """Return the header lines for a decision and quotas: all of them; none where none holds."""
    if not quotas:
        return _lines(decision.rules) % tuple(decision.figures)
    policies: list[str | int] = []
    figures = decision.figures.copy()
    for policy, limit, left, reset_seconds in quotas:
        policies += policy, limit
        figures += left, ceil(reset_seconds)
    return _lines(decision.rules, *policies) % tuple(figures)


@lru_cache(POLICIES_MAX)
def _lines(rules: RuleSet, *quotas: str | int) -> bytes:
    """Return the lines under these rules and quotas (names and limits), with gaps for figures."""
    policies: list[tuple[object, object, int]] = [
        (rule.tier.value, rule.rate.limit, rule.rate.seconds) for rule in rules.rules
    ]
    policies += [
        (name, limit, DAY_SECONDS) for name, limit in zip(quotas[::2], quotas[1::2], strict=True)
    ]
    if not policies:
        return b""
    told = ", ".join(f'"{name}";q={limit};w={seconds}' for name, limit, seconds in policies)
    left = ", ".join(f'"{name}";r=%d;t=%d' for name, _, _ in policies)
    return f"ratelimit-policy: {told}\r\nratelimit: {left}\r\n".encode()
