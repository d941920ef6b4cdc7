"""
Everything that can go wrong, by what happened.

    PlgError
    ├── InvalidRequest            the request contradicts itself or cannot be understood
    │   ├── InvalidParameter      one parameter cannot be used
    │   ├── WeakPassword          a password that would be guessed
    │   └── InvalidLink           a mailed link that is spent, expired or none of ours
    ├── Unauthenticated
    │   ├── MissingCredential     nobody said who asks
    │   ├── InvalidCredential     what was sent proves nothing
    │   └── InvalidLogin          no such account and password
    ├── Forbidden
    │   ├── InsufficientScope     known, but not allowed
    │   ├── ForbiddenNetwork      not from this address
    │   ├── AccountInactive       the account was deactivated
    │   ├── EmailUnverified       the address must be verified first
    │   └── RegistrationClosed    only the operator makes accounts
    ├── Conflict
    │   ├── EmailTaken            another account has the address
    │   ├── IdempotencyMismatch   an idempotency key was used for something else
    │   ├── DeviceTaken           another account, or nobody who proved it, has the device id
    │   ├── KeyRevoked            a key that was revoked stays as it is
    │   ├── LastAdmin             nobody could administrate any more
    │   └── TooManyHeld           as many keys or devices as an account may have
    ├── TooMany
    │   ├── RateExceeded          too many requests in too short a time
    │   ├── QuotaExceeded         the plan's quota, or the spend cap, is used up
    │   └── TooManyAttempts       too many failed log-ins
    ├── NotFound                  there is nothing of this id that the caller may see
    ├── NoMatch                   the source has no such record
    ├── NotCached                 only a cached answer was wanted, and there is none
    ├── SourceError
    │   ├── SourceFailed          no connection, or a status that is no answer
    │   ├── SourceBroken          an answer that breaks the contract
    │   ├── SourceTimeout         no answer in time
    │   ├── SourceUnavailable     known to be down: not asked
    │   └── SourceBusy            too many calls wait for it already
    ├── Busy                      too much slow work waits already
    ├── LedgerUnavailable         what is billable cannot be written down in time
    ├── LimiterUnavailable        the buckets of rate limits cannot be reached
    ├── SealBroken                what was encrypted cannot be read with the secret that is set
    └── StorageUnavailable        our own database or cache did not answer

Each class has a stable `code`; none knows anything of HTTP.
"""

from enum import StrEnum
from typing import Final

from plg.domain.rates import Decision

_OUTAGE_STATUSES: Final = frozenset({None, 200, 304, 408, 429, *range(500, 600)})


class PlgError(Exception):
    """Root of the tree; `code` names the class for machines."""

    code = "internal_error"


class InvalidRequest(PlgError):
    """The request contradicts itself or cannot be understood."""

    code = "invalid_request"


class InvalidParameter(InvalidRequest):
    """One parameter, named by `parameter`, cannot be used."""

    code = "invalid_parameter"

    def __init__(self, parameter: str, detail: str) -> None:
        super().__init__(detail)
        self.parameter = parameter


class WeakPassword(InvalidRequest):
    """The password would be guessed; the message says why."""

    code = "weak_password"


class InvalidLink(InvalidRequest):
    """The mailed link is spent, expired, or none of ours."""

    code = "invalid_link"


class Unauthenticated(PlgError):
    """The caller is not known."""

    code = "unauthenticated"


class MissingCredential(Unauthenticated):
    """No credential was sent."""

    code = "missing_credential"


class InvalidCredential(Unauthenticated):
    """The credential is malformed, unknown, expired or revoked."""

    code = "invalid_credential"


class InvalidLogin(Unauthenticated):
    """There is no account with this address and password; which of them is wrong is not told."""

    code = "invalid_login"


class Forbidden(PlgError):
    """The caller is known, but may not."""

    code = "forbidden"


class InsufficientScope(Forbidden):
    """The caller is known, but lacks `scope`."""

    code = "insufficient_scope"

    def __init__(self, scope: str) -> None:
        super().__init__(f"This needs the scope {scope}, which the credential does not have.")
        self.scope = scope


class ForbiddenNetwork(Forbidden):
    """The credential, or the route, may not be used from this address."""

    code = "forbidden_network"


class AccountInactive(Forbidden):
    """The account was deactivated; told only to who knows its password."""

    code = "account_inactive"


class EmailUnverified(Forbidden):
    """The account's address must be verified first."""

    code = "email_unverified"


class RegistrationClosed(Forbidden):
    """Only the operator makes accounts."""

    code = "registration_closed"


class Conflict(PlgError):
    """It contradicts what is there."""

    code = "conflict"


class EmailTaken(Conflict):
    """Another account has the address."""

    code = "email_taken"


class IdempotencyMismatch(Conflict):
    """The idempotency key was used for something else."""

    code = "idempotency_mismatch"


class DeviceTaken(Conflict):
    """The device id belongs to another account, or its secret was not proved."""

    code = "device_taken"


class KeyRevoked(Conflict):
    """The key was revoked, once and for all: it cannot be changed or regenerated."""

    code = "key_revoked"


class LastAdmin(Conflict):
    """Without this account nobody could administrate any more."""

    code = "last_admin"


class TooManyHeld(Conflict):
    """The account has as many of something as it may."""

    code = "too_many_held"


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


class NotFound(PlgError):
    """There is nothing of this id, or nothing that the caller may see."""

    code = "not_found"


class NoMatch(PlgError):
    """The source has no record under this key."""

    code = "no_match"


class NotCached(PlgError):
    """Only a cached answer was wanted, and none may be served."""

    code = "not_cached"


class SourceError(PlgError):
    """
    The source gave no usable answer.

    Args:
        detail: For the log; it may name what the client must not see.
        status: The source's HTTP status, where it answered with one.
        retry_after: Seconds the source, or its breaker, asks to be left alone.
    """

    code = "source_error"

    def __init__(
        self, detail: str, *, status: int | None = None, retry_after: float | None = None
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.retry_after = retry_after

    @property
    def is_outage(self) -> bool:
        """Tell whether it speaks against the source as a whole, not against one request."""
        return self.status in _OUTAGE_STATUSES


class SourceFailed(SourceError):
    """No connection, or a status that is no answer."""

    code = "source_failed"


class SourceFault(StrEnum):
    """How an answer broke the contract: told apart in logs and metrics, not to clients."""

    JSON = "wrong_json"
    SHAPE = "wrong_shape"
    SIZE = "oversize"
    CONTENT = "wrong_content"


class SourceBroken(SourceError):
    """An answer that breaks the contract, in the way that `fault` says."""

    code = "source_broken"

    def __init__(self, fault: SourceFault, detail: str, *, status: int = 200) -> None:
        super().__init__(detail, status=status)
        self.fault = fault


class SourceTimeout(SourceError):
    """No answer in time."""

    code = "source_timeout"


class SourceUnavailable(SourceError):
    """Known to be down, so it was not asked."""

    code = "source_unavailable"


class SourceBusy(SourceError):
    """Too many calls wait for the source already."""

    code = "source_busy"


class Busy(PlgError):
    """Too much slow work waits already."""

    code = "busy"


class LedgerUnavailable(PlgError):
    """What is billable cannot be written down in time, so it is not answered."""

    code = "ledger_unavailable"


class LimiterUnavailable(PlgError):
    """The buckets of rate limits cannot be reached."""

    code = "limiter_unavailable"


class SealBroken(PlgError):
    """What was encrypted cannot be read with the secret that is set, or was changed."""

    code = "seal_broken"


class StorageUnavailable(PlgError):
    """Our own database or cache did not answer within its bound."""

    code = "storage_unavailable"
