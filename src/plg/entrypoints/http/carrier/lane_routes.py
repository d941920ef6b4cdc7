"""The routes that the fast lane may answer, found by a look-up however many there are."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from plg.application.records.read_through import ReadThrough
from plg.domain.identity.access import Access
from plg.domain.records.meter_rules import MeterRule
from plg.entrypoints.http.protocol.rendering import RecordRenderer


@dataclass(frozen=True, slots=True)
class LaneRoute:
    """
    A route that the lane may answer.

    Attributes:
        path: As routes have it: the key is a whole segment, or else in the query.
        parse: Reads the key from that segment, or from that query, as it was sent. Raises as the
            route's own parser does.
        records: Those that may be at hand.
        rule: How answers are counted.
        is_vehicle: Whether the key is a vehicle's, which the caller's account must have.
        ignores_query: Whether a query beside the path changes nothing.
    """

    path: str
    access: Access
    parse: Callable[[bytes], Any]
    records: ReadThrough[Any, Any]
    render: RecordRenderer
    rule: MeterRule
    is_vehicle: bool = False
    ignores_query: bool = True


class LaneTable:
    """
    Finds the route of a request target.

    Paths are looked up as they stand. One that is written otherwise, such as with encoded letters
    outside the key, is not found, and so left to the ordinary way.
    """

    def __init__(self, routes: Iterable[LaneRoute]) -> None:
        self.adopt(routes)

    def adopt(self, routes: Iterable[LaneRoute]) -> None:
        """Take these routes in the place of the former ones."""
        self.routes = tuple(routes)
        self._by_head: dict[bytes, LaneRoute] = {}
        self._by_path: dict[bytes, LaneRoute] = {}
        self._by_ends: dict[int, dict[tuple[bytes, bytes], LaneRoute]] = {}
        for route in self.routes:
            self._add(route)

    def find(self, target: bytes) -> tuple[LaneRoute, Any] | None:
        """
        Return the route and the key that a target is for, or None.

        Raises:
            InvalidParameter: If the key cannot be one.
        """
        path, has_query, query = target.partition(b"?")
        if path.endswith(b"/"):
            path = path[:-1]
        head, _, sent = path.rpartition(b"/")
        route = self._by_head.get(head) if sent else None
        if route is None:
            route, sent = self._by_path.get(path), query
        if route is None:
            route, sent = self._between(path)
        if route is None or (has_query and not route.ignores_query):
            return None
        return route, route.parse(sent)

    def _add(self, route: LaneRoute) -> None:
        path = route.path.rstrip("/").encode()
        head, has_key, tail = path.partition(b"/{")
        _, _, tail = tail.partition(b"}")
        if not has_key:
            self._by_path[path] = route
        elif not tail:
            self._by_head[head] = route
        else:
            self._by_ends.setdefault(tail.count(b"/"), {})[head, tail] = route

    def _between(self, path: bytes) -> tuple[LaneRoute | None, bytes]:
        """Look among paths that go on after the key; few lengths of what follows are in use."""
        for count, routes in self._by_ends.items():
            head, *rest = path.rsplit(b"/", count + 1)
            if len(rest) > count and rest[0]:
                route = routes.get((head, b"/" + b"/".join(rest[1:])))
                if route is not None:
                    return route, rest[0]
        return None, b""
