"""
The generic cell rate algorithm (ITU-T I.371): a bucket for each rule, filled up evenly.

Of the two equal forms of the standard this is the continuous-state leaky bucket: kept is how
much is in use and at which instant, not the theoretical arrival time (which is the instant plus
what is in use, divided by the rate). Counted in requests it is exact where an instant of this
century, as a float, is not.
"""

from math import ceil, inf
from typing import Any, Final

from plg.domain.limits.rates import PLACES_PER_TIER, Decision, Rule, RuleSet

Buckets = list[Any]
"""
All buckets of one subject, three places for each tier: requests in use, at which instant, and
the rule (as a term) that was last applied; None where none was.

A flat list, because it is the least that the interpreter can hold and reach.
"""

RETRY_MARGIN_SECONDS: Final = 1e-6
"""Above the distance between two instants as floats: who waits exactly as told may go on."""


def full_buckets(size: int, now: float) -> Buckets:
    """Return `size` places of buckets from which nothing was taken."""
    return [0.0, now, None] * (size // PLACES_PER_TIER)


def take(buckets: Buckets, rules: RuleSet, now: float) -> Decision:
    """
    Take one request from the bucket of every rule, or from none where one has less than one.

    A clock that is set back refills nothing, and takes nothing either. At least one rule is
    needed, and `rules.size` places.
    """
    is_allowed = True
    figures: list[int] = []
    for term in rules.terms:
        used_at, instant_at, term_at, limit, rate, _ = term
        elapsed = now - buckets[instant_at]
        used = buckets[used_at]
        if elapsed > 0.0:
            used -= elapsed * rate
        used = 1.0 if used < 0.0 else used + 1.0
        buckets[used_at] = used
        buckets[instant_at] = now
        buckets[term_at] = term
        figures += int(limit - used), ceil(used / rate)
        if used > limit:
            is_allowed = False
    return Decision(rules, figures) if is_allowed else _give_back(buckets, rules)


def seconds_until_full(buckets: Buckets, now: float) -> float:
    """
    Return how long it takes until nothing is in use; infinity where a rule has none left now.

    Where it is 0, to forget the buckets changes nothing.
    """
    longest = 0.0
    for term in buckets[2::PLACES_PER_TIER]:
        if term is None:
            continue
        used_at, instant_at, _, limit, rate, _ = term
        buckets[instant_at] = min(buckets[instant_at], now)  # where the clock was set back
        used = buckets[used_at] - (now - buckets[instant_at]) * rate
        if limit - used < 1.0:
            return inf
        longest = max(longest, used / rate)
    return longest


def _give_back(buckets: Buckets, rules: RuleSet) -> Decision:
    """Put back what was taken, and tell how long it takes until there is enough."""
    violated: list[Rule] = []
    figures: list[int] = []
    longest = -inf
    for used_at, _, _, limit, rate, rule in rules.terms:
        is_short = buckets[used_at] > limit
        used = buckets[used_at] = min(buckets[used_at] - 1.0, limit)
        figures += int(limit - used), ceil(used / rate)
        if is_short:
            violated.append(rule)
            longest = max(longest, (used + 1.0 - limit) / rate)
    return Decision(rules, figures, tuple(violated), longest + RETRY_MARGIN_SECONDS)
