"""
Everything that can go wrong, by what happened.

    PlgError
    ├── InvalidRequest            the request contradicts itself or cannot be understood
    │   └── InvalidParameter      one parameter cannot be used
    ├── Unauthenticated
    │   ├── MissingCredential     nobody said who asks
    │   └── InvalidCredential     what was sent proves nothing
    ├── InsufficientScope         known, but not allowed
    ├── NoMatch                   the source has no such record
    ├── NotCached                 only a cached answer was wanted, and there is none
    ├── SourceError
    │   ├── SourceFailed          no connection, or a status that is no answer
    │   ├── SourceBroken          an answer that breaks the contract
    │   ├── SourceTimeout         no answer in time
    │   ├── SourceUnavailable     known to be down: not asked
    │   └── SourceBusy            too many calls wait for it already
    └── StorageUnavailable        our own database or cache did not answer

Each class has a stable `code`; none knows anything of HTTP.
"""

from enum import StrEnum
from typing import Final

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


class Unauthenticated(PlgError):
    """The caller is not known."""

    code = "unauthenticated"


class MissingCredential(Unauthenticated):
    """No credential was sent."""

    code = "missing_credential"


class InvalidCredential(Unauthenticated):
    """The credential is malformed, unknown, expired or revoked."""

    code = "invalid_credential"


class InsufficientScope(PlgError):
    """The caller is known, but lacks `scope`."""

    code = "insufficient_scope"

    def __init__(self, scope: str) -> None:
        super().__init__(f"This needs the scope {scope}, which the credential does not have.")
        self.scope = scope


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


class StorageUnavailable(PlgError):
    """Our own database or cache did not answer within its bound."""

    code = "storage_unavailable"
