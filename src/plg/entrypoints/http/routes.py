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

Summary and description in the documents are those of the docstring. `body` is a Struct, read as
JSON; `query` a Struct too; every other parameter is a part of the path, annotated with an `InPath`.
None answers 204, a `Page` a page of a list, anything else is a Struct and 200.
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

import msgspec
from starlette.types import Scope

from plg.domain.audit import Actor
from plg.domain.errors import InvalidParameter, PlgError
from plg.domain.identity.access import Access, Caller
from plg.entrypoints.http.endpoints import Endpoint, Operation, Parameter
from plg.entrypoints.http.gate.gate import Gate, Guarded, actor_of
from plg.entrypoints.http.protocol.answers import Answer, empty, json_answer
from plg.entrypoints.http.protocol.bodies import body_of
from plg.entrypoints.http.protocol.context import RequestContext
from plg.entrypoints.http.protocol.listing import next_page
from plg.entrypoints.http.protocol.paths import decode_segment
from plg.entrypoints.http.queries import ListQuery, QueryReader

T = TypeVar("T")
V = TypeVar("V")
F = TypeVar("F", bound=Callable[..., Any])
_MARK: Final = "__routes__"


@dataclass(frozen=True, slots=True)
class Ask:
    """A request of an identified caller, as its handler sees it."""

    caller: Caller
    context: RequestContext
    scope: Scope

    @property
    def actor(self) -> Actor:
        """Who is written down for a change that this request makes."""
        return actor_of(self.caller, self.context)


@dataclass(frozen=True, slots=True)
class InPath:
    """
    A parameter in the path.

    Attributes:
        schema: Its JSON schema; None for a text without blanks, as ids are.
        parse: Makes a value of the text; raises InvalidParameter or NotFound.
    """

    name: str
    description: str
    example: str
    schema: Mapping[str, Any] | None = None
    parse: Callable[[str], Any] = str

    def of(self, scope: Scope) -> Any:  # noqa: ANN401 - what `parse` makes
        """Return the value that a request has for it."""
        return self.parse(decode_segment(scope["path_params"][self.name], self.name))


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
        query: ListQuery,
        view: Callable[[V], T],
        place: Callable[[V], object],
    ) -> "Page[T]":
        """
        Return the page of what was found, one more than the limit where the list goes on.

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
        fails: Failures besides those of the `Routes`; the gate's are known.
        example: Of the answer; of an item where that is a page.
    """

    access: Access
    fails: tuple[type[PlgError], ...]
    example: Any
    body_example: Any


class Routes:
    """The operations below a path; its decorators mark the handlers of an API class."""

    def __init__(
        self, path: str, access: Access, *, tag: str, fails: tuple[type[PlgError], ...] = ()
    ) -> None:
        self.path, self.access, self.tag, self.fails = path, access, tag, fails

    def get(self, path: str = "", **options: Unpack[Options]) -> Callable[[F], F]:
        return self._mark("GET", path, options)

    def post(self, path: str = "", **options: Unpack[Options]) -> Callable[[F], F]:
        return self._mark("POST", path, options)

    def put(self, path: str = "", **options: Unpack[Options]) -> Callable[[F], F]:
        return self._mark("PUT", path, options)

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


@dataclass(frozen=True, slots=True)
class Take:
    """Where an argument comes from, and what the documents tell of it."""

    read: Callable[[Scope], Any]
    parameters: tuple[Parameter, ...] = ()
    body: type[msgspec.Struct] | None = None


def bind(api: object, gate: Gate) -> list[Endpoint]:
    """
    Return the endpoints of an API object behind the gate, in the order of its handlers.

    Raises:
        TypeError: If a signature says too little.
    """
    marked = ((name, getattr(each, _MARK, None)) for name, each in vars(type(api)).items())
    return [_endpoint(mark, getattr(api, name), gate) for name, mark in marked if mark is not None]


def _endpoint(mark: Mark, handler: Callable[..., Awaitable[Any]], gate: Gate) -> Endpoint:
    hints = get_type_hints(handler, include_extras=True)
    returns = hints.pop("return")
    first, *names = inspect.signature(handler).parameters
    if hints[first] is not Ask:
        raise TypeError(f"{handler.__qualname__} must take an Ask first.")
    takes = [_take(name, hints[name]) for name in names]
    render = _renderer(returns)

    def parse(scope: Scope) -> tuple[Scope, list[Any]]:
        return scope, [take.read(scope) for take in takes]

    async def answer(
        asked: tuple[Scope, list[Any]], caller: Caller, context: RequestContext
    ) -> Answer:
        scope, values = asked
        return render(await handler(Ask(caller, context, scope), *values), scope)

    access = mark.options.get("access", mark.routes.access)
    app = Guarded(gate, access, parse, answer, reads_body=mark.method != "GET")
    return Endpoint(mark.path, app, _operation(mark, handler, takes, returns), mark.method)


def _take(name: str, hint: Any) -> Take:  # noqa: ANN401 - any type
    if name == "body":
        return Take(lambda scope: body_of(scope, hint), body=hint)
    if name == "query":
        reader: QueryReader[Any] = QueryReader(hint)
        return Take(reader, reader.parameters)
    place = next((each for each in get_args(hint)[1:] if isinstance(each, InPath)), None)
    if place is None:
        raise TypeError(f"{name} is no body, no query and no part of the path.")
    parameter = Parameter(place.name, "path", place.description, place.example, place.schema)
    return Take(place.of, (parameter,))


def _renderer(returns: Any) -> Callable[[Any, Scope], Answer]:  # noqa: ANN401 - any type
    if returns is type(None):
        return lambda _nothing, _scope: empty()
    if get_origin(returns) is Page:
        return _page_answer
    return lambda view, _scope: json_answer(view)


def _page_answer(page: Page[Any], scope: Scope) -> Answer:
    if page.after is None:
        return json_answer({"items": page.items, "next_cursor": None})
    cursor, link = next_page(scope, page.after, page.limit)
    return json_answer({"items": page.items, "next_cursor": cursor}, (b"link", link))


def _operation(
    mark: Mark,
    handler: Callable[..., Any],
    takes: Sequence[Take],
    returns: Any,  # noqa: ANN401 - any type
) -> Operation:
    summary, _, about = inspect.cleandoc(handler.__doc__ or "").partition("\n\n")
    is_page, is_nothing = get_origin(returns) is Page, returns is type(None)
    view = get_args(returns)[0] if is_page else returns
    example = mark.options.get("example")
    return Operation(
        summary=summary.rstrip("."),
        description=about.replace("\n", " "),
        answer=None if is_nothing else view,
        example={"items": [example], "next_cursor": None} if is_page else example,
        parameters=tuple(each for take in takes for each in take.parameters),
        problems=tuple(fail.code for fail in _fails(mark, takes)),
        tag=mark.routes.tag,
        is_page=is_page,
        body=next((take.body for take in takes if take.body is not None), None),
        body_example=mark.options.get("body_example"),
        status=204 if is_nothing else 200,
    )


def _fails(mark: Mark, takes: Sequence[Take]) -> Iterator[type[PlgError]]:
    yield from mark.routes.fails
    yield from mark.options.get("fails", ())
    if any(take.parameters for take in takes):
        yield InvalidParameter
