"""A route, what it answers, and how the documents speak of it."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from starlette.exceptions import HTTPException
from starlette.routing import Match, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from plg.domain.identity.access import Access
from plg.entrypoints.http.gate.gate import BehindGate
from plg.entrypoints.http.protocol.answers import Answer
from plg.entrypoints.http.protocol.context import RequestContext


@dataclass(frozen=True, slots=True)
class Parameter:
    """
    A parameter of an operation.

    Attributes:
        schema: Its JSON schema; None for a text without blanks, as ids are.
    """

    name: str
    place: Literal["path", "query", "header"]
    description: str
    example: str | int
    schema: Mapping[str, Any] | None = None
    is_required: bool = True


@dataclass(frozen=True, slots=True)
class Operation:
    """
    What the OpenAPI document says of a route.

    Attributes:
        answer: The msgspec type of the answer's JSON, or None where it is no JSON.
        is_page: Whether the answer is a page of `answer`.
        body: The msgspec type of the request's JSON, or None where it has none.
        status: Of the answer when all is well.
        problems: Codes of the problems it may answer with, besides those that the route's
            demands bring with them.
        is_record: Whether it is cached: conditional requests, `Cache-Status` and the like.
        schema: JSON Schema of the answer, where no type is it.
    """

    summary: str
    description: str
    answer: Any = None
    schema: Mapping[str, Any] | None = None
    example: Any = None
    media_type: str = "application/json"
    parameters: tuple[Parameter, ...] = ()
    problems: tuple[str, ...] = ()
    is_record: bool = False
    tag: str = "players"
    is_page: bool = False
    body: Any = None
    body_example: Any = None
    needs_body: bool = True
    status: int = 200


@dataclass(frozen=True, slots=True)
class Open:
    """A route that asks for no credential, as an ASGI app."""

    handle: Callable[[RequestContext, Scope], Awaitable[Answer]]

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        """Answer everybody, however often: health, figures and documents."""
        context: RequestContext = scope["plg.exchange"]
        await context.reply(await self.handle(context, scope), send)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One method on a path; where there is no `operation`, the OpenAPI document is silent."""

    path: str
    app: ASGIApp
    operation: Operation | None = None
    method: str = "GET"

    @property
    def access(self) -> Access | None:
        """What it demands of callers; None where anybody may ask."""
        return self.app.access if isinstance(self.app, BehindGate) else None


def routes_of(endpoints: Iterable[Endpoint]) -> list["CountedRoute"]:
    """Return a route for each path, in the order in which the paths first appear."""
    paths: dict[str, dict[str, ASGIApp]] = {}
    for item in endpoints:
        apps = paths.setdefault(item.path, {})
        apps[item.method] = item.app
        if item.method == "GET":
            apps["HEAD"] = item.app
    return [CountedRoute(path, apps) for path, apps in paths.items()]


class CountedRoute(Route):
    """
    Matches paths in canonical form, which saves half of what a route's match costs.

    Requests that reach it are counted under its path.

    Attributes:
        apps: What answers, by method.
    """

    def __init__(self, path: str, apps: Mapping[str, ASGIApp]) -> None:
        super().__init__(path.rstrip("/") or "/", self._refuse, methods=[])
        self.label = path
        self.apps = apps
        self._allow = ", ".join(apps)

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        match = self.path_regex.match(scope["path"])
        if match is None:
            return Match.NONE, {}
        scope["path_params"] = match.groupdict()
        return Match.FULL, {}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["plg.exchange"].route = self.label
        app = self.apps.get(scope["method"], self._refuse)
        await app(scope, receive, send)

    async def _refuse(self, _scope: Scope, _receive: Receive, _send: Send) -> None:
        raise HTTPException(405, headers={"Allow": self._allow})
