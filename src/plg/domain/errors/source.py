"""Failures of the source."""

from enum import StrEnum
from typing import Final

from plg.domain.errors.tree import PlgError

_OUTAGE_STATUSES: Final = frozenset({None, 200, 304, 408, 429, *range(500, 600)})


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


class Unreachable(StrEnum):
    """Why there was no answer: what may be shown to everybody, so without the source's address."""

    UNRESOLVED = "the name of its host cannot be resolved"
    REFUSED = "it refuses connections"
    UNROUTED = "there is no route to its host"
    CERTIFICATE = "its TLS certificate is not valid"
    TLS = "no TLS connection can be made"
    BROKEN_OFF = "it closes the connection before its answer is complete"


class SourceFailed(SourceError):
    """No connection, for the reason that `cause` says where it is known, or a wrong status."""

    code = "source_failed"

    def __init__(
        self,
        detail: str,
        *,
        status: int | None = None,
        retry_after: float | None = None,
        cause: Unreachable | None = None,
    ) -> None:
        super().__init__(detail, status=status, retry_after=retry_after)
        self.cause = cause


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
