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
    │   ├── NotEntitled           a vehicle that is in none of the account's fleets
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
    ├── Archived                  it was moved to a file that is kept elsewhere
    ├── NotFound                  there is nothing of this id that the caller may see
    ├── NoMatch                   the source has no such record
    ├── NoSource                  records of this kind are not served here
    ├── NotCached                 only a cached answer was wanted, and there is none
    ├── SourceError
    │   ├── SourceFailed          no connection, or a status that is no answer
    │   ├── SourceBroken          an answer that breaks the contract
    │   ├── SourceTimeout         no answer in time
    │   ├── SourceUnavailable     known to be down: not asked
    │   └── SourceBusy            too many calls wait for it already
    ├── Busy                      too much slow work waits already
    ├── LedgerUnavailable         what is billable cannot be written down in time
    ├── SealBroken                what was encrypted cannot be read with the secret that is set
    └── StorageUnavailable        our own database or cache did not answer

Each class has a stable `code`; none knows anything of HTTP.
"""

from plg.domain.errors.access import (
    AccountInactive,
    EmailUnverified,
    Forbidden,
    ForbiddenNetwork,
    InsufficientScope,
    InvalidCredential,
    InvalidLogin,
    MissingCredential,
    NotEntitled,
    RegistrationClosed,
    Unauthenticated,
)
from plg.domain.errors.limits import (
    QuotaExceeded,
    RateExceeded,
    TooMany,
    TooManyAttempts,
)
from plg.domain.errors.requests import (
    Conflict,
    DeviceTaken,
    EmailTaken,
    IdempotencyMismatch,
    InvalidLink,
    InvalidParameter,
    InvalidRequest,
    KeyRevoked,
    LastAdmin,
    TooManyHeld,
    WeakPassword,
)
from plg.domain.errors.service import (
    Busy,
    LedgerUnavailable,
    SealBroken,
    StorageUnavailable,
)
from plg.domain.errors.source import (
    SourceBroken,
    SourceBusy,
    SourceError,
    SourceFailed,
    SourceFault,
    SourceTimeout,
    SourceUnavailable,
    Unreachable,
)
from plg.domain.errors.tree import (
    Archived,
    NoMatch,
    NoSource,
    NotCached,
    NotFound,
    PlgError,
)

__all__ = [
    "AccountInactive",
    "Archived",
    "Busy",
    "Conflict",
    "DeviceTaken",
    "EmailTaken",
    "EmailUnverified",
    "Forbidden",
    "ForbiddenNetwork",
    "IdempotencyMismatch",
    "InsufficientScope",
    "InvalidCredential",
    "InvalidLink",
    "InvalidLogin",
    "InvalidParameter",
    "InvalidRequest",
    "KeyRevoked",
    "LastAdmin",
    "LedgerUnavailable",
    "MissingCredential",
    "NoMatch",
    "NoSource",
    "NotCached",
    "NotEntitled",
    "NotFound",
    "PlgError",
    "QuotaExceeded",
    "RateExceeded",
    "RegistrationClosed",
    "SealBroken",
    "SourceBroken",
    "SourceBusy",
    "SourceError",
    "SourceFailed",
    "SourceFault",
    "SourceTimeout",
    "SourceUnavailable",
    "StorageUnavailable",
    "TooMany",
    "TooManyAttempts",
    "TooManyHeld",
    "Unauthenticated",
    "Unreachable",
    "WeakPassword",
]
