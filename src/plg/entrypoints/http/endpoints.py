"""A route, what it answers, and how the documents speak of it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Literal

from starlette.exceptions import HTTPException
from starlette.routing import Match, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from plg.domain.access import Access
from plg.entrypoints.http.answers import Answer
from plg.entrypoints.http.exchange import Exchange
from plg.entrypoints.http.gate import Guarded


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of an operation, all of them texts."""

    name: str
    place: Literal["path", "query"]
    description: str
    example: str


@dataclass(frozen=True, slots=True)
class Operation:
    """
    What the OpenAPI document says of a route.

    Attributes:
        answer: The msgspec type of the 200 answer's JSON, or None where it is no JSON.
        problems: Codes of the problems it may answer with.
        is_record: Whether it is cached: conditional requests, `Cache-Status` and the like.
    """

    summary: str
    description: str
    answer: Any = None
    example: Any = None
    media_type: str = "application/json"
    parameters: tuple[Parameter, ...] = ()
    problems: tuple[str, ...] = ()
    is_record: bool = False
    tag: str = "players"


@dataclass(frozen=True, slots=True)
class Open:
    """A route that asks for no credential, as an ASGI app."""

    handle: Callable[[Exchange, Scope], Awaitable[Answer]]

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        """Answer."""
        exchange: Exchange = scope["plg.exchange"]
        await exchange.reply(await self.handle(exchange, scope), send)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A GET route; where there is no `operation`, the OpenAPI document does not speak of it."""

    path: str
    app: ASGIApp
    operation: Operation | None = None

    @property
    def access(self) -> Access | None:
        """What it demands of callers; None where anybody may ask."""
        return self.app.access if isinstance(self.app, Guarded) else None

    def route(self) -> Route:
        """Return it for the router; requests that reach it are counted under its path."""
        return _CountedRoute(self.path.rstrip("/") or "/", self.app, self.path)


class _CountedRoute(Route):
    """Matches paths in canonical form, which saves half of what a route's match costs."""

    def __init__(self, path: str, app: ASGIApp, label: str) -> None:
        super().__init__(path, app, methods=["GET"])
        self._label = label

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        match = self.path_regex.match(scope["path"])
        if match is None:
            return Match.NONE, {}
        scope["path_params"] = match.groupdict()
        return Match.FULL, {}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["plg.exchange"].route = self._label
        if scope["method"] in ("GET", "HEAD"):
            await self.app(scope, receive, send)
        else:
            raise HTTPException(405, headers={"Allow": "GET, HEAD"})
