"""Why there was no answer from a source: what the client library raises, in our words."""

import errno
import ssl
from collections.abc import Iterator, Mapping
from typing import Final

import aiohttp

from plg.domain.errors import SourceFailed, Unreachable

_BY_ERRNO: Final[Mapping[int, Unreachable]] = {
    errno.ECONNREFUSED: Unreachable.REFUSED,
    errno.ENETUNREACH: Unreachable.UNROUTED,
    errno.EHOSTUNREACH: Unreachable.UNROUTED,
    errno.ECONNRESET: Unreachable.BROKEN_OFF,
    errno.EPIPE: Unreachable.BROKEN_OFF,
}


def no_answer(error: Exception) -> SourceFailed:
    """Return the failure that stands for what a call raised; its detail names no host."""
    for each in _chain(error):
        cause = _cause(each)
        if cause is not None:
            reason = getattr(each, "verify_message", None) or getattr(each, "reason", None)
            detail = f"{cause} ({reason})" if isinstance(reason, str) else cause
            return SourceFailed(detail, cause=cause)
    return SourceFailed(f"{type(error).__name__}: {error}")


def _cause(error: BaseException) -> Unreachable | None:
    match error:
        case aiohttp.ClientConnectorDNSError():
            return Unreachable.UNRESOLVED
        case ssl.SSLCertVerificationError():
            return Unreachable.CERTIFICATE
        case ssl.SSLError():
            return Unreachable.TLS
        case aiohttp.ServerDisconnectedError() | aiohttp.ClientPayloadError():
            return Unreachable.BROKEN_OFF
        case OSError() if error.errno is not None:
            return _BY_ERRNO.get(error.errno)
        case _:
            return None


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Yield the innermost reason first: each outer error says less."""
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        yield error
        return
    inner = error.__cause__ or getattr(error, "os_error", None)
    if inner is not None:
        yield from _chain(inner)
    yield error
