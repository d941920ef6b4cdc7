"""Failures of how much: a rate, a quota, attempts."""

from plg.domain.errors.tree import PlgError
from plg.domain.limits.rates import Decision


class TooMany(PlgError):
    """
    Too many requests.

    Args:
        retry_after: Seconds until it may be tried again.
    """

    code = "too_many"

    def __init__(self, detail: str, *, retry_after: float) -> None:
        super().__init__(detail)
        self.retry_after = retry_after


class RateExceeded(TooMany):
    """Too many in too short a time, by the rules in `decision`."""

    code = "rate_exceeded"

    def __init__(self, decision: Decision) -> None:
        rates = ", ".join(f"{rule.tier} {rule.rate}" for rule in decision.violated)
        super().__init__(
            f"More requests than allowed: {rates}.", retry_after=decision.retry_seconds
        )
        self.decision = decision


class QuotaExceeded(TooMany):
    """The plan's quota, or the account's spend cap, is used up; `policy` names which."""

    code = "quota_exceeded"

    def __init__(self, policy: str, detail: str, *, retry_after: float) -> None:
        super().__init__(detail, retry_after=retry_after)
        self.policy = policy


class TooManyAttempts(TooMany):
    """Too many failed log-ins."""

    code = "too_many_attempts"
