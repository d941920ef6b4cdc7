"""Pages of other origins: what their browsers may send and read."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Final

from starlette.datastructures import Headers
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from plg.entrypoints.http.protocol.answers import Answer
from plg.entrypoints.http.protocol.context import RequestContext
from plg.entrypoints.http.protocol.errors import problem

METHODS: Final = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
EXPOSED: Final = (
    "ETag",
    "Age",
    "Cache-Status",
    "Link",
    "Location",
    "RateLimit",
    "RateLimit-Policy",
    "Retry-After",
    "WWW-Authenticate",
    "X-Request-ID",
)
ASKED: Final = (
    "X-API-Key",
    "Authorization",
    "X-Request-ID",
    "If-None-Match",
    "Cache-Control",
    "Content-Type",
    "Content-Digest",
    "Idempotency-Key",
    "Signature",
    "Signature-Input",
)
_TOLD: Final = (b"access-control-", b"vary")
_REFUSED: Final = "Disallowed CORS "


class Cors(CORSMiddleware):
    """What the library decides, with a problem where it refuses, as everywhere else."""

    def __init__(self, app: ASGIApp, allow_origins: Sequence[str]) -> None:
        super().__init__(
            app,
            allow_origins=allow_origins,
            allow_methods=METHODS,
            allow_headers=ASKED,
            expose_headers=EXPOSED,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a preflight, or pass the request on."""
        headers = Headers(scope=scope)
        if not _is_preflight(scope, headers):
            await super().__call__(scope, receive, send)
            return
        answer = self.preflight_response(headers)
        if answer.status_code == HTTPStatus.OK:
            await answer(scope, receive, send)
            return
        context: RequestContext = scope["plg.exchange"]
        await context.reply(_refusal(answer, context), send)


def _is_preflight(scope: Scope, headers: Headers) -> bool:
    is_asked = "origin" in headers and "access-control-request-method" in headers
    return is_asked and scope["method"] == "OPTIONS"


def _refusal(answer: Response, context: RequestContext) -> Answer:
    fields = [field for field in answer.raw_headers if field[0].startswith(_TOLD)]
    refused = bytes(answer.body).decode().removeprefix(_REFUSED)
    return problem(
        "preflight_refused",
        context.request_id,
        *fields,
        detail=f"Not allowed for this page: {refused}.",
    )
