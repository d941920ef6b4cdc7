"""A route, what it answers, and how the documents speak of it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Literal

from starlette.routing import Route
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

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
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
        return Route(self.path.rstrip("/") or "/", _Labelled(self.path, self.app), methods=["GET"])


@dataclass(frozen=True, slots=True)
class _Labelled:
    label: str
    app: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["plg.exchange"].route = self.label
        await self.app(scope, receive, send)
