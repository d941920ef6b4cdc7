"""One bounded call to a source over HTTP: httpx, carried by aiohttp's connection pool."""

import asyncio
import ssl
from collections.abc import AsyncIterable, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import cast

import aiohttp
import httpx
from httpx_aiohttp import AiohttpTransport

from plg import __version__
from plg.adapters.upstream.codings import BODY_BYTES_MAX, OFFERED, decoded, too_large
from plg.adapters.upstream.unreachable import no_answer
from plg.application.ports.tracing import current_traceparent
from plg.domain.errors import SourceTimeout

KEEP_ALIVE_SECONDS = 30.0


def pooled_transport(connections_max: int) -> httpx.AsyncBaseTransport:
    """Return a keep-alive pool that keeps no cookies and reads no proxy from the environment."""

    def session() -> aiohttp.ClientSession:
        return aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                limit=connections_max, keepalive_timeout=KEEP_ALIVE_SECONDS
            ),
            cookie_jar=aiohttp.DummyCookieJar(),
        )

    # The session has its own TLS context; reading the authorities for a second one takes 20 ms.
    return AiohttpTransport(verify=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT), client=session)


@dataclass(frozen=True, slots=True)
class SourceResponse:
    """What the source answered; header names are in lower case, a body of success is decoded."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class SourceClient:
    """
    Sends GET requests to one base address.

    Args:
        transport: What carries the requests; tests give one that stays in process.
        headers: Added to every request, such as the source's own key; never logged.
        attempt_seconds: Bound on one attempt, connecting and reading included.
    """

    def __init__(
        self,
        transport: httpx.AsyncBaseTransport,
        base_url: str,
        *,
        headers: Mapping[str, str],
        attempt_seconds: float,
    ) -> None:
        self._transport = transport
        self._base_url = base_url.rstrip("/")
        self._attempt_seconds = attempt_seconds
        self._headers = httpx.Headers(
            {
                "Accept": "application/json",
                "Accept-Encoding": OFFERED,
                "User-Agent": f"plg/{__version__}",
            }
        )
        self._headers.update(headers)

    async def get(self, target: str, *, validator: str | None = None) -> SourceResponse:
        """
        Send one GET for `target`, which is joined to the base address as it is.

        Raises:
            SourceFailed: If there was no connection, or it broke.
            SourceBroken: If the body is larger than 5 MiB or cannot be decoded.
            SourceTimeout: If the attempt took too long.
        """
        request = httpx.Request("GET", self._base_url + target, headers=self._headers)
        if validator is not None:
            request.headers["If-None-Match"] = validator
        traceparent = current_traceparent.get()
        if traceparent is not None:
            request.headers["traceparent"] = traceparent
        try:
            async with asyncio.timeout(self._attempt_seconds):
                return await self._send(request)
        except (TimeoutError, httpx.ReadTimeout, httpx.PoolTimeout) as error:
            raise SourceTimeout("the source did not answer in time") from error
        except (httpx.HTTPError, aiohttp.ClientError, OSError) as error:
            raise no_answer(error) from error

    async def aclose(self) -> None:
        """Close the pool."""
        await self._transport.aclose()

    async def _send(self, request: httpx.Request) -> SourceResponse:
        response = await self._transport.handle_async_request(request)
        headers = {
            name.decode("latin-1").lower(): value.decode("latin-1")
            for name, value in response.headers.raw
        }
        try:
            body = await _read(cast("httpx.AsyncByteStream", response.stream))
        finally:
            await response.aclose()
        if response.is_success and "content-encoding" in headers:
            body = decoded(body, response.headers["content-encoding"])
        return SourceResponse(response.status_code, headers, body)


async def _read(stream: AsyncIterable[bytes]) -> bytes:
    chunks, size = [], 0
    async for chunk in stream:
        size += len(chunk)
        if size > BODY_BYTES_MAX:
            raise too_large()
        chunks.append(chunk)
    return chunks[0] if len(chunks) == 1 else b"".join(chunks)


def retry_after(response: SourceResponse, now: float) -> float | None:
    """Return the seconds that `Retry-After` asks for (RFC 9110, 10.2.3), None where it does not."""
    value = response.headers.get("retry-after")
    if value is None:
        return None
    if value.isascii() and value.isdigit() and len(value) <= len("31536000"):
        return float(value)
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - now)
    except (ValueError, OverflowError):
        return None
