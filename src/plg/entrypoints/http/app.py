"""The ordinary way: routing, the gate of each route, and what every answer has in common."""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from time import perf_counter
from typing import Final

import structlog
from starlette.exceptions import HTTPException
from starlette.routing import BaseRoute, Router
from starlette.types import ASGIApp, Receive, Scope, Send

from plg.application.ports.tracing import current_traceparent
from plg.domain.errors import PlgError
from plg.entrypoints.http.carrier.connection import ServerContext
from plg.entrypoints.http.protocol.answers import NO_STORE, Answer
from plg.entrypoints.http.protocol.context import BODY_BYTES_MAX, RequestContext
from plg.entrypoints.http.protocol.cors import METHODS, Cors
from plg.entrypoints.http.protocol.errors import CODE_OF_STATUS, problem, problem_of
from plg.entrypoints.http.protocol.fields import join_lines, traceparent
from plg.entrypoints.http.protocol.paths import canonical
from plg.settings.values import Networks

_WHAT_THERE_IS: Final = Answer(
    204, join_lines([(b"allow", ", ".join((*METHODS, "OPTIONS")).encode()), NO_STORE])
)
_log = structlog.get_logger("plg.http")
Lifespan = Callable[[], AbstractAsyncContextManager[None]]


def route_all(routes: Sequence[BaseRoute], cors_allow_origins: Sequence[str]) -> ASGIApp:
    """Return an app that finds the route of a request, behind CORS where origins are allowed."""
    app = _with_problems(Router(routes, redirect_slashes=False).app)
    if not cors_allow_origins:
        return app
    return Cors(app, cors_allow_origins)


class HttpApp:
    """
    Carries each request through routing, and takes note of the outcome.

    Args:
        carriage: What the connections under the app share.
        trusted_proxies: Whose word on a client's address counts.
        lifespan: Entered when the server starts, left when it stops.
        routes: What `app` finds its way among.
    """

    def __init__(
        self,
        app: ASGIApp,
        server: ServerContext,
        trusted_proxies: Networks,
        lifespan: Lifespan,
        routes: Sequence[BaseRoute] = (),
    ) -> None:
        self.routes = routes
        self.server = server
        self._trusted_proxies = trusted_proxies
        self._app = app
        self._telemetry = server.telemetry
        self._lifespan = lifespan

    def adopt(self, app: ASGIApp, routes: Sequence[BaseRoute]) -> None:
        """Find routes among these from now on; requests under way end as they began."""
        self._app, self.routes = app, routes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or live as long as the server does."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        context = RequestContext(scope, send, self._trusted_proxies)
        # A pipelined request runs in a copy of the context of the one before it.
        current_traceparent.set(traceparent(context.fields.get(b"traceparent")))
        scope["path"] = canonical(scope["raw_path"])
        scope["app"] = self
        scope["plg.exchange"] = context
        try:
            await self._app(scope, receive, context.send)
        finally:
            self._telemetry.record(
                scope["method"].encode(),
                context.route,
                context.status,
                context.outcome,
                perf_counter() - context.started,
                context.request_id,
                context.caller_id,
            )

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        async with self._lifespan():
            await send({"type": "lifespan.startup.complete"})
            await receive()
        await send({"type": "lifespan.shutdown.complete"})


def _with_problems(app: ASGIApp) -> ASGIApp:
    """Turn every failure into a problem, to which CORS still adds what lets browsers read it."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        context: RequestContext = scope["plg.exchange"]
        try:
            _check_body(context)
            if scope["path"] == "*":  # OPTIONS, or it would have been refused before
                context.route = "*"
                await context.reply(_WHAT_THERE_IS, send)
                return
            await app(scope, receive, send)
        except Exception as error:  # the last line of defence: nothing else may answer
            if context.is_answered:
                raise
            await context.reply(_failure(error, context), send)

    return answer


def _check_body(context: RequestContext) -> None:
    length = context.fields.get(b"content-length")
    if length is not None and int(length.lstrip(b"0") or b"0") > BODY_BYTES_MAX:
        raise HTTPException(413)


def _failure(error: Exception, context: RequestContext) -> Answer:
    if isinstance(error, PlgError):
        return problem_of(error, context.request_id)
    if isinstance(error, HTTPException):
        allow = (error.headers or {}).get("Allow")
        more = [] if allow is None else [(b"allow", allow.encode())]
        code = CODE_OF_STATUS.get(error.status_code, "invalid_request")
        answer = problem(code, context.request_id, *more)
        answer.closes = code == "payload_too_large"
        return answer
    _log.error("unexpected error", request_id=context.request_id.decode(), exc_info=error)
    return problem("internal_error", context.request_id)
