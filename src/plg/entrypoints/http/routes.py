"""
Routes by signature: a handler's types say what it takes, what it answers, and how it is documented.

    fleets = Routes("/api/v1/fleets", ADMIN, tag="administration", fails=(NotFound,))

    @dataclass(frozen=True, slots=True)
    class FleetsApi:
        show_fleet: ShowFleet

        @fleets.get("/{code}")
        async def show(self, ask: Ask, code: FleetCode) -> FleetView:
            \"\"\"
            Show a fleet.

            How many vehicles it has.
            \"\"\"
            return fleet_view(await self.show_fleet(code))

Summary and description in the documents are those of the docstring. The first parameter is an
`Ask`, or a `Visit` where the routes are open to `Anyone`. `body` is a Struct, read as JSON, and may
be missing where it has a default; `query` is a Struct too; what every other parameter is, an
`Argument` in its annotation says.

None answers 204, `Created` 201, a `Page` a page of a list, `Streamed` what it says itself, anything
else is a Struct and 200.
"""

import inspect
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import (
    Any,
    Final,
    Generic,
    TypedDict,
    TypeVar,
    Unpack,
    get_args,
    get_origin,
    get_type_hints,
)

from starlette.types import ASGIApp, Scope

from plg.domain.errors import InvalidParameter, PlgError
from plg.domain.identity.access import Access, Caller
from plg.domain.limits.rates import LimitTier
from plg.entrypoints.http.arguments import Argument, Ask, Visit, argument_of
from plg.entrypoints.http.endpoints import Endpoint, Operation
from plg.entrypoints.http.gate.gate import Gate, Guarded, Public
from plg.entrypoints.http.protocol.answers import Answer, empty, json_answer
from plg.entrypoints.http.protocol.context import RequestContext
from plg.entrypoints.http.protocol.listing import next_page
from plg.entrypoints.http.queries import PageQuery
from plg.entrypoints.http.streaming import Streamed, Streaming

T = TypeVar("T")
V = TypeVar("V")
F = TypeVar("F", bound=Callable[..., Any])
Asked = tuple[Scope, Sequence[Any]]
_MARK: Final = "__routes__"


@dataclass(frozen=True, slots=True)
class Anyone:
    """No credential is asked for; what comes counts against the client's address."""

    tier: LimitTier | None


@dataclass(frozen=True, slots=True)
class Created(Generic[T]):
    """
    What was made.

    Attributes:
        location: The path where it can be looked at; None where it cannot.
    """

    view: T
    location: str | None = None


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """
    Some items of a list.

    Attributes:
        limit: How many there may be.
        after: What the next page begins after; None at the end of the list.
    """

    items: Sequence[T]
    limit: int
    after: str | None

    @classmethod
    def of(
        cls,
        found: Sequence[V],
        query: PageQuery,
        view: Callable[[V], T],
        place: Callable[[V], object],
    ) -> "Page[T]":
        """
        Return the page of what was found, one more than the limit where there is another page.

        `place` tells what stands for an item in the cursor of the page that begins after it.
        """
        shown = found[: query.limit]
        after = str(place(shown[-1])) if len(found) > query.limit else None
        return cls([view(each) for each in shown], query.limit, after)


class Options(TypedDict, total=False):
    """
    What a decorator says beside the signature.

    Attributes:
        access: What is demanded of the caller, in place of what the `Routes` demand.
        search: What is demanded where the query has a `q`.
        also: Other paths to the same.
        fails: Failures besides those of the `Routes`; the gate's are known.
        example: Of the answer; of an item where that is a page.
        media_type: Of an answer that is `Streamed`.
    """

    access: Access | Anyone
    search: Access
    also: tuple[str, ...]
    fails: tuple[type[PlgError], ...]
    example: Any
    body_example: Any
    media_type: str


class Routes:
    """Routes below one path, with what they have in common; its methods decorate handlers."""

    def __init__(
        self,
        path: str,
        access: Access | Anyone,
        *,
        tag: str,
        fails: tuple[type[PlgError], ...] = (),
    ) -> None:
        self.path, self.access, self.tag, self.fails = path, access, tag, fails

    def get(self, path: str = "", **options: Unpack[Options]) -> Callable[[F], F]:
        return self._mark("GET", path, options)

    def post(self, path: str = "", **options: Unpack[Options]) -> Callable[[F], F]:
        return self._mark("POST", path, options)

    def put(self, path: str = "", **options: Unpack[Options]) -> Callable[[F], F]:
        return self._mark("PUT", path, options)

    def patch(self, path: str = "", **options: Unpack[Options]) -> Callable[[F], F]:
        return self._mark("PATCH", path, options)

    def delete(self, path: str = "", **options: Unpack[Options]) -> Callable[[F], F]:
        return self._mark("DELETE", path, options)

    def _mark(self, method: str, path: str, options: Options) -> Callable[[F], F]:
        def mark(function: F) -> F:
            setattr(function, _MARK, Mark(self, method, self.path + path, options))
            return function

        return mark


@dataclass(frozen=True, slots=True)
class Mark:
    """The operation that a handler answers."""

    routes: Routes
    method: str
    path: str
    options: Options

    @property
    def access(self) -> Access | Anyone:
        """What is demanded."""
        return self.options.get("access", self.routes.access)


def bind(api: object, gate: Gate) -> list[Endpoint]:
    """
    Return the endpoints of an API object behind the gate, in the order of its handlers.

    Raises:
        TypeError: If a signature says too little.
    """
    marked = ((name, getattr(each, _MARK, None)) for name, each in vars(type(api)).items())
    return [
        endpoint
        for name, mark in marked
        if mark is not None
        for endpoint in _endpoints(mark, getattr(api, name), gate)
    ]


def _endpoints(mark: Mark, handler: Callable[..., Any], gate: Gate) -> Iterator[Endpoint]:
    hints = get_type_hints(handler, include_extras=True)
    returns = hints.pop("return")
    first, *others = inspect.signature(handler).parameters.values()
    asks = Visit if isinstance(mark.access, Anyone) else Ask
    if hints[first.name] is not asks:
        raise TypeError(f"{handler.__qualname__} must take {asks.__name__} first.")
    arguments = [argument_of(each, hints[each.name]) for each in others]
    app = _app(mark, handler, gate, arguments, _kind(returns))
    operation = _operation(mark, handler, arguments, returns)
    for path in (mark.path, *mark.options.get("also", ())):
        yield Endpoint(path, app, operation, mark.method)


def _app(
    mark: Mark,
    handler: Callable[..., Awaitable[Any]],
    gate: Gate,
    arguments: Sequence[Argument],
    kind: Any,  # noqa: ANN401 - any type
) -> ASGIApp:
    render = _RENDERERS.get(kind, _json)
    access, reads_body = mark.access, mark.method != "GET"

    def parse(scope: Scope) -> Asked:
        return scope, [argument.read(scope) for argument in arguments]

    if isinstance(access, Anyone):

        async def visited(asked: Asked, context: RequestContext) -> Answer:
            scope, values = asked
            return render(await handler(Visit(context, scope), *values), scope)

        return Public(gate, access.tier, parse, visited, reads_body)

    async def answered(asked: Asked, caller: Caller, context: RequestContext) -> Answer:
        scope, values = asked
        return render(await handler(Ask(context, scope, caller), *values), scope)

    guarded = Streaming if kind is Streamed else Guarded
    return guarded(gate, access, parse, answered, reads_body, mark.options.get("search"))


def _kind(returns: Any) -> Any:  # noqa: ANN401 - any type
    return get_origin(returns) or returns


def _json(view: Any, _scope: Scope) -> Answer:  # noqa: ANN401 - any type
    return json_answer(view)


def _page(page: Page[Any], scope: Scope) -> Answer:
    if page.after is None:
        return json_answer({"items": page.items, "next_cursor": None})
    cursor, link = next_page(scope, page.after, page.limit)
    return json_answer({"items": page.items, "next_cursor": cursor}, (b"link", link))


def _created(made: Created[Any], _scope: Scope) -> Answer:
    if made.location is None:
        return json_answer(made.view, status=201)
    return json_answer(made.view, (b"location", made.location.encode("latin-1")), status=201)


_RENDERERS: Final[Mapping[Any, Callable[[Any, Scope], Answer]]] = {
    type(None): lambda _nothing, _scope: empty(),
    Page: _page,
    Created: _created,
    Streamed: lambda streamed, _scope: streamed,
}
_STATUSES: Final[Mapping[Any, int]] = {type(None): 204, Created: 201}


def _operation(
    mark: Mark,
    handler: Callable[..., Any],
    arguments: Sequence[Argument],
    returns: Any,  # noqa: ANN401 - any type
) -> Operation:
    summary, _, about = inspect.cleandoc(handler.__doc__ or "").partition("\n\n")
    kind = _kind(returns)
    view = get_args(returns)[0] if kind in (Page, Created) else returns
    body = next((each for each in arguments if each.body is not None), None)
    example = mark.options.get("example")
    return Operation(
        summary=summary.rstrip("."),
        description=about.replace("\n", " "),
        answer=None if kind in (type(None), Streamed) else view,
        example={"items": [example], "next_cursor": None} if kind is Page else example,
        media_type=mark.options.get("media_type", "application/json"),
        parameters=tuple(each for argument in arguments for each in argument.parameters),
        problems=tuple(fail.code for fail in _fails(mark, arguments)),
        tag=mark.routes.tag,
        is_page=kind is Page,
        body=None if body is None else body.body,
        body_example=mark.options.get("body_example"),
        needs_body=body is not None and not body.is_optional,
        status=_STATUSES.get(kind, 200),
    )


def _fails(mark: Mark, arguments: Sequence[Argument]) -> Iterator[type[PlgError]]:
    yield from mark.routes.fails
    yield from mark.options.get("fails", ())
    if any(argument.parameters for argument in arguments):
        yield InvalidParameter
