"""How an answer tells what is left: RateLimit fields (draft-ietf-httpapi-ratelimit-headers)."""

from collections.abc import Sequence
from functools import lru_cache
from math import ceil
from typing import Final, NamedTuple

from plg.domain.errors import PlgError, QuotaExceeded
from plg.domain.ledger.metering import DAILY, VINS, resource_policy
from plg.domain.ledger.usage import Counted
from plg.domain.limits.rates import DAY_SECONDS, Decision, RuleSet
from plg.domain.plans.tariffs import Tariff

POLICIES_MAX: Final = 4096


class Quota(NamedTuple):
    """
    A daily quota, as an answer tells of it; a named tuple, because one is made for each hit.

    Attributes:
        policy: The name it has in the fields: `daily`, `vins`, or `daily:products`.
        reset_seconds: Until the day, in UTC, ends.
    """

    policy: str
    limit: int
    left: int
    reset_seconds: float


def quotas_of(tariff: Tariff, counted: Counted, resource: str) -> list[Quota]:
    """Return the daily quotas that the plan has for a resource."""
    quotas = []
    reset = counted.reset_seconds
    if tariff.requests_per_day is not None and counted.left_today is not None:
        quotas.append(Quota(DAILY, tariff.requests_per_day, counted.left_today, reset))
    if counted.resource_left_today is not None:
        most = tariff.resource_requests[resource]
        quotas.append(Quota(resource_policy(resource), most, counted.resource_left_today, reset))
    if tariff.vins_per_day is not None and counted.vins_left_today is not None:
        quotas.append(Quota(VINS, tariff.vins_per_day, counted.vins_left_today, reset))
    return quotas


def spent_quota(tariff: Tariff, error: PlgError, resource: str) -> list[Quota]:
    """Return the quota that a failure speaks of; nothing where it speaks of none."""
    if not isinstance(error, QuotaExceeded):
        return []
    limits = {
        DAILY: tariff.requests_per_day,
        resource_policy(resource): tariff.resource_requests.get(resource),
        VINS: tariff.vins_per_day,
    }
    limit = limits.get(error.policy)
    return [] if limit is None else [Quota(error.policy, limit, 0, error.retry_after)]


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
