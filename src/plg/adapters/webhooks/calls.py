"""Webhooks over HTTP, with the headers of Standard Webhooks."""

import asyncio
import json
import ssl
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Final

import httpcore

from plg import __version__
from plg.adapters.webhooks.guarded_network import (
    AddressRefused,
    GuardedNetwork,
    Resolve,
    resolved,
)
from plg.application.ports.clock import ClockPort
from plg.application.ports.notices.webhooks import WebhookCallsPort
from plg.domain.errors import InvalidParameter
from plg.domain.identity.networks import Network
from plg.domain.notices.deliveries import Attempt
from plg.domain.notices.notices import Event
from plg.domain.notices.webhooks import check_url, signatures

GONE: Final = 410
_PLAIN: Final = "http://"
_NO_PLAIN: Final = "url must begin with https://: the operator allows no network without it."


@cache
def _trust_of_machine() -> ssl.SSLContext:
    """Read the machine's certificates: once, and not before the first call, as it takes long."""
    return ssl.create_default_context()


class HttpWebhookCalls(WebhookCallsPort):
    """
    A connection a call: what one receiver does reaches no other.

    Proxies of the environment are not asked: an address could not be checked behind one.

    Args:
        allowed: Networks that may be reached although they are not public, and without TLS.
        timeout_seconds: Bound on a whole call, looking up included.
        trust: Whose certificates count; None for those that the machine trusts.
    """

    def __init__(
        self,
        allowed: Iterable[Network],
        timeout_seconds: float,
        clock: ClockPort,
        *,
        resolve: Resolve = resolved,
        trust: ssl.SSLContext | None = None,
    ) -> None:
        networks = tuple(allowed)
        self._may_be_plain = bool(networks)
        self._plain = GuardedNetwork(networks, resolve, is_public_allowed=False)
        self._secure = GuardedNetwork(networks, resolve, is_public_allowed=True)
        self._timeout_seconds = timeout_seconds
        self._clock = clock
        self._trust = trust

    def check(self, url: str) -> None:
        check_url(url)
        if url.startswith(_PLAIN) and not self._may_be_plain:
            raise InvalidParameter("url", _NO_PLAIN)

    async def call(self, url: str, secrets: Sequence[bytes], event: Event) -> Attempt:
        try:
            self.check(url)
            async with asyncio.timeout(self._timeout_seconds):
                return _attempt(await self._send(url, secrets, event))
        except (AddressRefused, InvalidParameter):
            return Attempt(is_delivered=False, reason="address_refused")
        except (TimeoutError, httpcore.TimeoutException):
            return Attempt(is_delivered=False, reason="timeout")
        except (ssl.SSLError, httpcore.ConnectError) as error:
            reason = "tls" if _is_of_tls(error) else "not_reached"
            return Attempt(is_delivered=False, reason=reason)
        except (httpcore.NetworkError, httpcore.ProtocolError, OSError):
            return Attempt(is_delivered=False, reason="broken_off")

    async def _send(self, url: str, secrets: Sequence[bytes], event: Event) -> int:
        body = body_of(event)
        at = int(self._clock.now())
        headers: list[tuple[bytes | str, bytes | str]] = [
            ("Content-Type", "application/json"),
            ("User-Agent", f"plg/{__version__}"),
            ("webhook-id", event.id),
            ("webhook-timestamp", str(at)),
            ("webhook-signature", signatures(secrets, event.id, at, body)),
        ]
        pool = httpcore.AsyncConnectionPool(
            self._trust or await asyncio.to_thread(_trust_of_machine),
            max_connections=1,
            network_backend=self._plain if url.startswith(_PLAIN) else self._secure,
        )
        async with pool, pool.stream("POST", url, headers=headers, content=body) as response:
            return int(response.status)  # what else is answered is not read


def body_of(event: Event) -> bytes:
    """Return an event as JSON, to the byte the same for the same event."""
    at = datetime.fromtimestamp(event.at, UTC).isoformat(timespec="milliseconds")
    document = {
        "type": event.type,
        "timestamp": at.replace("+00:00", "Z"),
        "data": dict(event.data),
    }
    return json.dumps(document, separators=(",", ":")).encode()


def _is_of_tls(error: BaseException | None) -> bool:
    while error is not None and not isinstance(error, ssl.SSLError):
        error = error.__cause__ or error.__context__
    return error is not None


def _attempt(status: int) -> Attempt:
    if status // 100 == 2:  # noqa: PLR2004 - all of them mean that it was taken
        return Attempt(is_delivered=True, status=status)
    return Attempt(is_delivered=False, is_final=status == GONE, status=status, reason="status")
